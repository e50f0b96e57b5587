internal import CHighs

/// Where a linear solve ended, as the next can begin: which columns and rows are basic, and at which bound the others are.
public struct Basis: Sendable, Equatable {
    var columns: [HighsInt]
    var rows: [HighsInt]
}
