public import Foundation

/// Something that happened: identifiers and codes, nothing about persons.
public struct LedgerEvent: Sendable, Equatable, Codable {
    /// Its place in the order of reading: greater than that of every event before it.
    public let position: Int
    /// When.
    public let at: Date
    /// What: `offer-made`, `request-placed`, `capacity-reported`, ….
    public let kind: String
    /// What it is about.
    public let subject: EventSubject
}

/// What an event is about; what does not apply is nil.
public struct EventSubject: Sendable, Equatable, Codable {
    /// The request.
    public var request: String?
    /// The state that an outcome is about.
    public var state: String?
    /// The number of the offer.
    public var offer: Int?
    /// The unit.
    public var unit: String?
    /// The number of the capacity report.
    public var report: Int?
    /// How many more are in the unit than there are beds.
    public var excess: Int?
    /// The number of the hold.
    public var hold: Int?
    /// The number of the transfer.
    public var transfer: Int?
    /// The number of the plan's run.
    public var run: Int?
    /// How many places the run proposes.
    public var published: Int?
    /// For how many requests it has none.
    public var unplaced: Int?
    /// How many of its proposals had been overtaken.
    public var dropped: Int?

    /// Nothing yet.
    public init() {}
}

/// Events in order, and how far they reach.
public struct EventBatch: Sendable, Equatable {
    /// The events that the reader may know.
    public let events: [LedgerEvent]
    /// Up to here the reader has now read: what comes next is after it. It may be beyond the last event, because there
    /// were others that are not for the reader.
    public let position: Int
    /// Whether events that were not read yet had been taken away for their age: look at everything anew.
    public let missed: Bool
}
