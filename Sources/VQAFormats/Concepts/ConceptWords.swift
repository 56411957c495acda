// ConceptWords.swift - the words that WordNet cannot give: which are said every day, which mean a label, which mean nothing in a question.
//
// WordNet knows that a bulbul is a thrush, a bird and an animal, but not that people say "bird". Frequency does not tell it either: "finch" and
// "hound" are frequent, too.

/// Words chosen by hand.
public enum ConceptWords {
  /// Names of things that a child knows; the nearest of them names a class.
  ///
  /// Some are there for WordNet's sake, which counts a wig as a dress, a candle as a lamp and a punching bag as a ball.
  public static let everyday = words(
    """
    acorn airplane ape bag ball balloon basket bear bed beetle bicycle bird boat boot bottle box bread bridge
    bus butterfly cabinet camel camera candle cannon car cat cattle chair church clock coat computer corn cougar
    coyote crab crocodile cup desk dinosaur dog dress drum duck elephant fence fish flower fox freight_car frog
    fruit glass glove goat guitar gun hamburger hamster hat helmet horse hot_dog house insect jack-o'-lantern
    kangaroo keyboard knife lamp leopard lighthouse lion lizard lobster lynx mashed_potato mask meat_loaf monkey
    motorcycle mountain mouse mushroom pan panda parrot passenger_car piano pig pizza pot punching_bag rabbit
    sandwich seal shark sheep ship shirt shoe skirt slide_rule snail snake sock sofa soup spider spoon submarine
    table teapot telephone tent tiger tower train truck turtle umbrella vegetable volcano watch web_site whale
    wheel wig wolf zebra
    """)

  /// Words that are nouns in WordNet and say nothing about what a picture shows, or mean something else where people ask by them: the only
  /// jacket among the classes is that of a book, the only paper is for the toilet.
  public static let ignored = words(
    """
    a abstract_entity agent an animate_thing article at back bar be being black board body bottom can carriage
    case causal_agency causal_agent cause cell color component constituent constraint consumer_goods control
    controller cover cream decoration design do does ear entity feed front game gear globe good group has have
    head home horn hose how in individual ingredient instrumentality instrumentation is it jacket landing left
    lid light location many material matter meter napkin natural_object no object of on order outfit paper
    part pattern person's pet photo physical_object piece piece_of_material pipe platform play point pool
    portion post product protection rack red ride right safe see set shade shape shown side spot spring stand
    standing state string stuff substance surface system that the there thing this to top track trade_good unit
    use vertical what white who whole will wireless work yes
    """)

  /// Of these, the kinds that answers may lie below: "red" is a color, "circle" a shape, whatever classes say.
  public static let kinds: Set<String> = ["color", "shape"]

  /// The 80 labels of COCO (Lin et al., ECCV 2014), with other words for the same.
  public static let labels: [(name: String, words: [String])] = list(
    """
    person: people, human, man, woman, men, women, boy, girl, boys, girls, child, children, kid, kids, guy, lady,
    player; bicycle: bike, bikes; car; motorcycle: motorbike, motorcycles; airplane: plane, aeroplane, jet, planes;
    bus; train; truck; boat: ship, boats; traffic light; fire hydrant; stop sign: sign; parking meter; bench; bird;
    cat; dog; horse; sheep; cow: cattle, cows, bull; elephant; bear; zebra; giraffe; backpack; umbrella; handbag:
    purse, bag; tie: necktie; suitcase; frisbee; skis: ski, skiing; snowboard: snowboarding; sports ball: ball; kite;
    baseball bat: bat; baseball glove: mitt; skateboard: skateboarding; surfboard: surfing, surfboards; tennis racket:
    racket, racquet; bottle; wine glass: glass, wine glasses; cup: mug; fork; knife; spoon; bowl; banana; apple;
    sandwich; orange; broccoli; carrot; hot dog: hotdog; pizza; donut: doughnut, doughnuts; cake; chair; couch: sofa;
    potted plant: plant, houseplant; bed; dining table: table; toilet; tv: television, televisions; laptop: computer;
    mouse: computer mouse; remote: remote control; keyboard: computer keyboard; cell phone: phone, cellphone,
    telephone; microwave; oven; toaster; sink; refrigerator: fridge; book: books; clock; vase: vases; scissors; teddy
    bear; hair drier: hair dryer; toothbrush
    """)

  /// Entries parted by semicolons, each a name and perhaps other words after a colon.
  private static func list(_ text: String) -> [(name: String, words: [String])] {
    text.split(separator: "\n").joined(separator: " ").split(separator: "; ").map { entry in
      let parts = entry.split(separator: ": ")
      let words = parts.count > 1 ? parts[1].split(separator: ", ").map(String.init) : []
      return (String(parts[0]), words)
    }
  }

  /// Words parted by white space; those of a phrase are joined by underscores.
  private static func words(_ text: String) -> Set<String> {
    Set(text.split { $0 == " " || $0 == "\n" }.map { $0.split(separator: "_").joined(separator: " ") })
  }
}
