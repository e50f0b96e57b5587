internal import CHighs

/// Where a linear solve ended, or is to begin: which columns and rows are basic, and at which bound the others are.
public struct Basis: Sendable, Equatable {
    var columns: [HighsInt]
    var rows: [HighsInt]

    /// Where a column or a row is.
    public enum Place: Sendable {
        case basic
        case atLower
        case atUpper

        fileprivate var status: HighsInt {
            switch self {
            case .basic: kHighsBasisStatusBasic
            case .atLower: kHighsBasisStatusLower
            case .atUpper: kHighsBasisStatusUpper
            }
        }
    }
}

extension Basis {
    /// A basis to begin at, of a model with so many columns and rows: as many are basic as there are rows.
    public init(columns: [Place], rows: [Place]) {
        self.init(columns: columns.map(\.status), rows: rows.map(\.status))
    }
}
