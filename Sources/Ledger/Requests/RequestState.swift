/// Where a request is in its flow.
public enum RequestState: String, CaseIterable, Sendable, Codable {
    /// Being written.
    case draft
    /// Waits for a place.
    case submitted
    /// A plan has a place for it.
    case proposed
    /// A bed is offered.
    case offered
    /// A bed is agreed on.
    case accepted
    /// Its victims are there.
    case placed
    /// Its victims have left.
    case ended
    /// No place is wanted any more.
    case withdrawn
    /// The last plan had no place for it; it waits for the next.
    case unplaced
}
