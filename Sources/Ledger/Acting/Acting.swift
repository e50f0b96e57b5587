/// As whom a transaction runs, and so what the database lets it see and do.
public enum Acting: Sendable, Hashable {
    /// The program itself, for somebody whose right to ask for it the step checks, or for nobody (planning, taking facts in).
    case program(for: Actor?)
    /// An actor, with the rights of the actor's role and nothing more.
    case actor(Actor)
}

extension Acting {
    /// What a transaction begins with to run so: it must be in the message that begins it (`access.become`).
    var opening: String {
        let (role, id) =
            switch self {
            case .program(let actor): ("service", actor?.description ?? "onderdak")
            case .actor(let actor): (actor.role.rawValue, actor.id)
            }
        // The identifier in hexadecimal digits: there is no quoting that could go wrong.
        let digits = id.utf8.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        return "select access.become('\(role)', convert_from(decode('\(digits)', 'hex'), 'UTF8')); "
            + "set local role onderdak_\(role)"
    }
}
