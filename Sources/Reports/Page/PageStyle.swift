// PageStyle.swift - how HTML pages look: dark and light, wide and narrow, on paper.

import ImageCodecs

/// The style sheet of every page.
enum PageStyle {
  /// How much of a map's colour covers the picture, in per cent.
  private static let opacity = 68
  /// Steps of the colour scale in a gradient.
  private static let steps = 12

  /// The colours of maps as a gradient, as they look over a grey of middle brightness.
  static let scale: Markup = {
    let colors = (0...steps).map { step -> Markup in
      let color = ColorScale.ember.color(at: Float(step) / Float(steps))
      let mixed = [color.red, color.green, color.blue].map { (Int($0) * opacity + 150 * (100 - opacity)) / 100 }
      return ",rgb(\(mixed[0]) \(mixed[1]) \(mixed[2]))"
    }
    return ".heat{opacity:\(opacity)%}.scale i{background:linear-gradient(to right\(colors))}"
  }()

  /// Colours, letters, tables and bars.
  static let sheet: Markup = """
    :root{color-scheme:light dark;--paper:#f5f6f8;--card:#fff;--ink:#1a1e26;--soft:#586070;--line:#dde0e6;--bar:#98a1b1;
    --track:#e6e9ee;--accent:#00777b;--tint:#00777b26;--mark:#00777b;--s0:#4766b0;--s1:#c65b22;--s2:#2f8a5b;--s3:#b9891c;
    --s4:#8a4fa8;--s5:#4f98b8;--s6:#a83e5c;--s7:#6f7682}
    @media(prefers-color-scheme:dark){:root{--paper:#111419;--card:#191d24;--ink:#e7e9ee;--soft:#9ca4b3;--line:#2b303a;
    --bar:#6b7485;--track:#2a2f39;--accent:#45c8c8;--tint:#45c8c833;--mark:#45c8c8;--s0:#7f9be0;--s1:#e58a57;--s2:#5fbd8c;
    --s3:#dcb04c;--s4:#b98ad4;--s5:#7cc0dc;--s6:#dd7c98;--s7:#a1a8b4}}
    *{box-sizing:border-box}
    html{-webkit-text-size-adjust:100%}
    body{margin:0;background:var(--paper);color:var(--ink);overflow-wrap:anywhere;
    font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Liberation Sans","DejaVu Sans",sans-serif}
    main{max-width:74rem;margin:0 auto;padding:2rem clamp(1rem,4vw,2.5rem) 3rem}
    h1,h2,h3,p,dl,dd,figure{margin:0}
    h1{font-size:clamp(1.5rem,1rem + 2.2vw,2.4rem);line-height:1.2;letter-spacing:-.015em;font-weight:700}
    h1.long{font-size:1.05rem;line-height:1.4;letter-spacing:0;max-height:16rem;overflow:auto}
    h2{font-size:1.3rem;line-height:1.3;letter-spacing:-.01em}
    h3{font-size:1.02rem;line-height:1.35}
    .quoted{overflow:hidden;padding-block:.12em}
    section{margin-top:2.75rem}
    .kicker{color:var(--soft);font-size:.85rem;margin-bottom:.4rem}
    .lead{color:var(--soft);max-width:46rem;margin:.25rem 0 1rem}
    .note{border-left:3px solid var(--accent);padding:.25rem .75rem;margin:.75rem 0;color:var(--soft)}
    .card{background:var(--card);border:1px solid var(--line);border-radius:.75rem;padding:1rem 1.15rem}
    .top{display:grid;grid-template-columns:minmax(11rem,19rem) minmax(0,1fr);gap:1.5rem 2.25rem;align-items:start}
    .top.bare{grid-template-columns:minmax(0,1fr)}
    .answer{font-size:1.35rem;line-height:1.3;font-weight:650;color:var(--accent);margin:.5rem 0 1.25rem}
    .answer span{color:var(--soft);font-weight:400;margin-left:.4em;white-space:nowrap}
    svg{display:block;width:100%;aspect-ratio:var(--shape,1);border-radius:.4rem;overflow:hidden}
    .picture{outline:1px solid var(--line);outline-offset:-1px}
    .dots{image-rendering:pixelated}
    .map use{filter:grayscale(1) contrast(.53) brightness(1.18)}
    .blank{fill:#969696}
    .cells rect{width:1px;height:1px;fill:transparent;vector-effect:non-scaling-stroke}
    .cells rect:hover{stroke:#fff;stroke-width:2px}
    figcaption{font-size:.875rem;line-height:1.4;margin-top:.45rem}
    .bar{display:block;height:.5rem;border-radius:.25rem;background:var(--track);overflow:hidden}
    .bar span{display:block;height:100%;min-width:1px;background:var(--bar);border-radius:inherit}
    .on .bar span,tr:first-child .bar span{background:var(--accent)}
    .scale{display:flex;align-items:center;gap:.6rem;font-size:.85rem;color:var(--soft);margin-bottom:1.25rem}
    .scale i{display:block;flex:0 1 14rem;height:.8rem;border-radius:.25rem}
    .layer{margin-top:1rem}
    .layer>header{display:flex;flex-wrap:wrap;gap:.1rem .9rem;align-items:baseline;margin-bottom:.85rem}
    .layer>header p{color:var(--soft);font-size:.875rem}
    .maps{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(9.5rem,calc(50% - .5rem)),1fr));gap:1.25rem 1rem}
    .maps figure{max-width:18rem;min-width:0}
    .maps .row span:last-child{white-space:nowrap}
    .maps .row{display:flex;justify-content:space-between;gap:.5rem;margin-bottom:.3rem;font-variant-numeric:tabular-nums}
    .maps .on svg{outline:3px solid var(--mark);outline-offset:3px}
    .maps .on .row{color:var(--accent);font-weight:700}
    .maps small{display:block;color:var(--soft);font-size:.8rem;margin-top:.3rem}
    .words{display:flex;flex-wrap:wrap;gap:.4rem;margin:0 0 1.5rem;padding:0;list-style:none}
    .words li{border:1px solid var(--line);border-radius:.5rem;padding:.3rem .65rem .35rem;text-align:center;max-width:100%;
    background:color-mix(in srgb,var(--accent) calc(.45*var(--w)),var(--card));overflow:hidden}
    .words b{display:block;font-size:1.1rem;font-weight:600}
    .words small{color:color-mix(in srgb,var(--ink) 75%,transparent);font-size:.8rem;font-variant-numeric:tabular-nums}
    .pool{display:grid;grid-template-columns:minmax(9rem,18rem) minmax(0,1fr);gap:1.25rem 2.25rem;align-items:start}
    .wide{overflow-x:auto;border:1px solid var(--line);border-radius:.75rem;background:var(--card)}
    table{border-collapse:collapse;width:100%;font-size:.9rem;font-variant-numeric:tabular-nums}
    caption{text-align:left;color:var(--soft);font-size:.85rem;padding:.6rem .8rem .2rem;caption-side:top}
    th,td{padding:.38rem .8rem;text-align:right;white-space:nowrap;border-top:1px solid var(--line);font-weight:400}
    thead th{color:var(--soft);font-weight:600;border-top:0;font-size:.82rem}
    th.text,td.text{text-align:left;white-space:normal;min-width:6rem;max-width:22rem}
    thead td{border:0}
    th[scope=colgroup]{text-align:center}
    tbody th{text-align:left;font-weight:500}
    tbody.first tr:first-child>*{border-top:2px solid var(--line)}
    .w{background:linear-gradient(to right,var(--tint) var(--w),transparent 0)}
    .w.on,tr.on>*{font-weight:700;color:var(--accent)}
    .plain table{font-size:1rem}
    .plain th,.plain td{border:0;padding:.22rem .75rem .22rem 0;text-align:left}
    .plain td.n{text-align:right;color:var(--soft);width:1%}
    .plain td.b{width:45%;padding-right:0}
    .facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(15rem,100%),1fr));gap:.9rem 1.5rem}
    .facts dt{color:var(--soft);font-size:.82rem}
    .facts dd{font-weight:500}
    .facts dd small,.facts dd code{display:block;font-weight:400;color:var(--soft);font-size:.82rem;line-height:1.4}
    .tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(13rem,100%),1fr));gap:1rem;margin-top:1.5rem}
    .tiles b{display:block;font-size:1.9rem;line-height:1.2;letter-spacing:-.02em;font-variant-numeric:tabular-nums}
    .tiles span{color:var(--soft);font-size:.875rem;line-height:1.4;display:block}
    .mix{display:flex;height:1.25rem;border-radius:.3rem;overflow:hidden;background:var(--track)}
    .mix i{display:block;flex:none;overflow:hidden;text-align:center;font-style:normal;font-size:.75rem;line-height:1.25rem;
    color:var(--card);font-weight:600;font-variant-numeric:tabular-nums;box-shadow:inset -1px 0 var(--card)}
    .s0{background:var(--s0)}.s1{background:var(--s1)}.s2{background:var(--s2)}.s3{background:var(--s3)}
    .s4{background:var(--s4)}.s5{background:var(--s5)}.s6{background:var(--s6)}.s7{background:var(--s7)}
    .legend{display:flex;flex-wrap:wrap;gap:.25rem 1.1rem;list-style:none;margin:0 0 1rem;padding:0;font-size:.875rem}
    .legend i{display:inline-block;width:.8rem;height:.8rem;border-radius:.2rem;margin-right:.4rem;vertical-align:-.05rem}
    .bars th,.bars td{border:0;text-align:left;padding:.25rem 0 .25rem .9rem;white-space:normal;width:36%}
    .bars th:first-child{padding-left:0;width:28%}
    .bars small{color:var(--soft)}
    .bars tbody tr:first-child>*{padding-bottom:.7rem}
    .bars tbody tr:first-child th{font-weight:700}
    details{margin-top:.75rem}
    summary{cursor:pointer;color:var(--accent);font-size:.9rem;margin-bottom:.6rem}
    .many section.about{display:grid;grid-template-columns:8.5rem minmax(0,1fr);gap:1rem 1.25rem;margin-top:1.5rem;
    padding-top:1.5rem;border-top:1px solid var(--line);content-visibility:auto;contain-intrinsic-size:auto 24rem}
    .many .facts{margin-top:1rem}
    .all{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(30rem,100%),1fr));gap:0 2rem;align-items:start}
    .many section.about{grid-column:1/-1}
    .many section.about:not(:has(.card+.card)){grid-column:auto}
    .side .kicker{margin-top:.4rem;font-size:.78rem}
    .cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(17rem,100%),1fr));gap:1rem}
    .cards .card{padding:.85rem 1rem;min-width:0}
    .cards h3{font-size:1rem}
    .cards .answer{font-size:1rem;margin:0 0 .35rem}
    .said{font-size:.82rem;margin-bottom:.55rem;line-height:1.7}
    .said bdi{border-radius:.25rem;padding:.05rem .3rem;
    background:color-mix(in srgb,var(--accent) calc(.5*var(--w)),transparent)}
    .mini{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(6.5rem,calc(50% - .35rem)),1fr));gap:.7rem}
    .mini figure{max-width:9rem}
    .mini figcaption{font-size:.78rem;margin-top:.25rem;color:var(--soft)}
    .mix i:last-child{box-shadow:none}
    .mini .mix{height:.5rem;margin-bottom:.2rem}
    .lines{fill:none;stroke:#fffc;stroke-width:.75px;vector-effect:non-scaling-stroke}
    .lines.under{stroke:#0006;stroke-width:1.75px}
    .gridded{outline:1px solid var(--bar);outline-offset:-1px}
    .maps .off svg,.steps .off{opacity:.5}
    .maps .off .row{color:var(--soft)}
    .spent{margin-top:1rem;max-width:60rem}
    .legend.under{margin:.6rem 0 0}
    .legend .rest{background:var(--track);outline:1px solid var(--line)}
    .steps{display:grid;grid-template-columns:repeat(auto-fit,minmax(4.5rem,1fr));gap:.3rem;margin-bottom:.55rem;
    font-size:.8rem;line-height:1.35;text-align:center}
    .steps span{border:1px solid var(--line);border-radius:.3rem;padding:.1rem .2rem;font-variant-numeric:tabular-nums;
    background:color-mix(in srgb,var(--accent) calc(.3*var(--w)),transparent)}
    .steps .on{border-color:var(--accent);box-shadow:inset 0 0 0 1px var(--accent)}
    .steps b,.steps small{display:block}.steps small{color:var(--soft)}
    code{font-family:ui-monospace,"Liberation Mono","DejaVu Sans Mono",monospace}
    @media(max-width:40rem){main{padding-top:1.25rem}.top,.pool{grid-template-columns:minmax(0,1fr)}
    .top>svg,.top>figure{max-width:16rem}.pool>figure{max-width:14rem}.plain td.b{width:30%}section{margin-top:2.1rem}
    th,td{padding-inline:.6rem}
    .bars,.bars tbody,.bars tr,.bars th,.bars td{display:block;width:auto}.bars thead{display:none}
    .bars th,.bars td{padding:.15rem 0}.bars tr{padding:.35rem 0}
    .many section.about{grid-template-columns:minmax(0,1fr)}.side{display:flex;gap:1rem}.side .kicker{margin:0}
    .side svg{width:6rem;flex:none}}
    @media print{:root{color-scheme:light;--paper:#fff;--card:#fff;--ink:#000;--soft:#444;--line:#bbb;--bar:#888;
    --track:#e6e6e6;--accent:#005c60;--tint:#00777b33;--mark:#005c60}
    *{print-color-adjust:exact;-webkit-print-color-adjust:exact}main{max-width:none;padding:0}
    figure,tr,.card,.layer,.lead,.legend,.facts div{break-inside:avoid}h2,h3,.lead,.legend,summary{break-after:avoid}.wide{overflow:visible}
    details::details-content{content-visibility:visible;height:auto;opacity:1}.many section.about{content-visibility:visible}}

    """
}
