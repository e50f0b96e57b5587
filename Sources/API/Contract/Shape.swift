/// What JSON a type is read from and written as: its fields, their kinds, and which of them must be there.
///
/// It is read off the type itself (``ShapeProbe``), so that the type, what is refused of a body and the test that
/// compares both with the document cannot differ.
indirect enum Shape: Sendable, Equatable {
    case string
    case integer
    case number
    case boolean
    /// `YYYY-MM-DD`.
    case date
    /// RFC 3339.
    case instant
    /// One of some words.
    case word([String])
    case list(Shape)
    case object([Field])

    /// A field of an object.
    struct Field: Sendable, Equatable {
        let name: String
        let shape: Shape
        let isRequired: Bool
    }

    /// The fields of an object; empty for anything else.
    var fields: [Field] {
        if case .object(let fields) = self { fields } else { [] }
    }
}
