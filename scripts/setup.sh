# setup.sh - what building needs, found or installed; sourced by scripts/vqa, scripts/test and .ci/run.
#
# Expects root, the repository's folder. vqa_choose_build sets build_flags, the options every swift build and swift test
# shares, traits, the package traits among them, and scratch, the folder it builds in: builds with and without oneDNN are
# kept apart, so that neither undoes the other. Everything said goes to stderr. VQA_INSTALL=no installs nothing and says
# what is missing.

say() { printf '%s\n' "$*" >&2; }

# has_header NAME: whether a C header stands in one of the usual folders.
has_header() {
  local folder
  for folder in /usr/include /usr/include/*-linux-gnu /usr/local/include /opt/homebrew/include; do
    [ -e "$folder/$1" ] && return 0
  done
  return 1
}

has_needed() { has_header jpeglib.h && has_header png.h; }
has_onednn() { has_header oneapi/dnnl/dnnl.h; }
has_yaml() { has_header yaml.h; }

vqa_choose_build() {
  scratch=$root/.build/plain
  traits=
  if has_onednn; then
    scratch=$root/.build
    traits=OneDNN
  fi
  if has_yaml; then traits=${traits:+$traits,}YAML; fi
  build_flags=(--package-path "$root" --scratch-path "$scratch")
  if [ -n "$traits" ]; then build_flags+=(--traits "$traits"); fi
}

# packages_missing: names of the Debian packages that are not there, the ones needed first.
packages_missing() {
  has_header jpeglib.h || printf 'libjpeg-dev '
  has_header png.h || printf 'libpng-dev '
  has_onednn || printf 'libdnnl-dev '
  has_yaml || printf 'libyaml-dev '
}

# install PACKAGE...: installs Debian packages, fetching the lists of packages only when that is needed.
install() {
  local become=()
  [ "$(id -u)" = 0 ] || become=(sudo -n)
  local get=("${become[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300)
  "${get[@]}" install -y --no-install-recommends "$@" >&2 2>/dev/null ||
    { "${get[@]}" update >&2 && "${get[@]}" install -y --no-install-recommends "$@" >&2; }
}

# may_install: whether packages can be installed without asking anybody.
may_install() {
  [ "${VQA_INSTALL:-yes}" != no ] && command -v apt-get >/dev/null &&
    { [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; }
}

# vqa_setup: makes sure of the compiler and the libraries; exits 69 when one is missing and may not be installed.
vqa_setup() {
  if ! command -v swift >/dev/null; then
    say "swift is missing: install Swift 6.2 or later from https://www.swift.org/install and put it on the PATH"
    exit 69
  fi
  local missing package
  read -ra missing <<<"$(packages_missing)" || true
  if [ ${#missing[@]} -gt 0 ] && may_install; then
    say "installing ${missing[*]}"
    # One that cannot be had is no reason to go without the others.
    install "${missing[@]}" || for package in "${missing[@]}"; do install "$package" || true; done
    read -ra missing <<<"$(packages_missing)" || true
  fi
  if ! has_needed; then
    say "missing: ${missing[*]}; as root: apt-get install ${missing[*]}; then run this again"
    exit 69
  fi
  has_onednn || say "libdnnl-dev is missing: building without oneDNN, which gives the same results, slower"
  has_yaml || say "libyaml-dev is missing: building without it, so settings of the original TRAR (trar.yml) cannot be read"
  vqa_choose_build
}

# steadily COMMAND...: builds so that nothing is compiled twice. The package manager hands the traits to the compiler in
# the order of a set, which is another one in every process: half of the builds would begin anew.
steadily() { SWIFT_DETERMINISTIC_HASHING=1 "$@"; }

# locked COMMAND...: runs a command while no other first run sets up or builds.
locked() {
  mkdir -p "$root/.build"
  if command -v flock >/dev/null; then
    ( flock 9 && "$@" 9>&- ) 9>"$root/.build/setup.lock"
  else
    ( "$@" )
  fi
}
