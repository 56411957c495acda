// Interruption.swift - Ctrl-C and SIGTERM: the first asks for an end with all work saved, the second ends at once.

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif
import Synchronization

/// How many stop signals have come; a handler may touch nothing but such a number.
private let stopSignals = Atomic<Int>(0)

/// Signals that ask for an end.
enum Interruption {
  /// Whether somebody asked for an end.
  static var isRequested: Bool { stopSignals.load(ordering: .relaxed) > 0 }

  /// From here on the first signal only asks; commands that hold nothing worth saving leave it out and end at once.
  ///
  /// - Parameter survivesClosedPipes: A pipe that nobody reads any more does not end the program: in
  ///   `vqa train ... 2>&1 | tee log` the same Ctrl-C ends `tee`, before anything is saved.
  static func watch(survivesClosedPipes: Bool = false) {
    if survivesClosedPipes { signal(SIGPIPE, SIG_IGN) }
    // The number is made before a handler can need it.
    _ = stopSignals.load(ordering: .relaxed)
    var watched = sigset_t()
    sigemptyset(&watched)
    for number in [SIGINT, SIGTERM] {
      sigaddset(&watched, number)
      var action = sigaction()
      handle(with: &action) { _ in
        if stopSignals.add(1, ordering: .relaxed).oldValue > 0 { _exit(ExitCode.killed.rawValue) }
      }
      action.sa_flags = SA_RESTART
      sigaction(number, &action, nil)
    }
    // A caller that starts programs from a thread with signals blocked hands that on; nobody could stop the run then.
    pthread_sigmask(SIG_UNBLOCK, &watched, nil)
  }

  /// Lets a closed pipe end the program quietly, also where the caller had set the signal to be ignored.
  static func restorePipes() { signal(SIGPIPE, SIG_DFL) }

  /// Lets a file that grows past a limit of the system (`ulimit -f`) be an error of that write, which is told and cleaned up
  /// after, in place of a signal that ends the program at once.
  static func refuseGrowth() { signal(SIGXFSZ, SIG_IGN) }

  /// Writes a result of a run that survives closed pipes: once all is saved, a reader of results that has gone ends the program
  /// as it ends any other, while a reader of messages still does not.
  static func endingWithReader(_ write: () throws -> Void) rethrows {
    restorePipes()
    defer { signal(SIGPIPE, SIG_IGN) }
    try write()
  }

  private static func handle(with action: inout sigaction, _ handler: @escaping @convention(c) (Int32) -> Void) {
    #if canImport(Glibc)
      action.__sigaction_handler.sa_handler = handler
    #else
      action.__sigaction_u.__sa_handler = handler
    #endif
  }
}
