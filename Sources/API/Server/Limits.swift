/// How much of everything the server takes.
public struct Limits: Sendable {
    /// The bytes of a body.
    public var bodyBytes = 1 << 20
    /// The bytes of an address with its parameters.
    public var addressBytes = 8192
    /// The bytes of all headers together.
    public var headerBytes = 32768
    /// The headers.
    public var headers = 100
    /// How long all of a request may be on its way, and how long a connection may wait for the next one.
    public var arrival: Duration = .seconds(15)
    /// How long the answer to a request that has arrived may take, until all of it is read by who asked.
    public var answering: Duration = .seconds(30)
    /// How long a question about a plan may wait for a planner's answer.
    public var explaining: Duration = .seconds(20)
    /// How often whoever listens to events hears that the connection still lives.
    public var heartbeat: Duration = .seconds(15)
    /// How long one may listen to events before one has to ask again.
    public var listening: Duration = .seconds(600)
    /// How often one token may listen to events at the same time.
    public var listeners = 10
    /// The connections at once; more wait at the door.
    public var connections = 1024
    /// The requests that one token may make at once.
    public var burst = 200
    /// The requests that one token may make each second in the long run.
    public var requestsPerSecond = 50.0

    /// The limits above.
    public init() {}
}
