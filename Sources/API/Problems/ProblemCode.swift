import CareChain
import HTTPTypes

/// The stable codes of all problems that the API tells, each with its status and what to do about it: one table, from
/// which the documentation and the responses of the document come too.
enum ProblemCode: String, CaseIterable, Sendable, Codable {
    // What was sent cannot be read.
    case malformedRequest = "malformed-request"
    case malformedJSON = "malformed-json"
    case badParameter = "bad-parameter"
    case badHeader = "bad-header"
    // Who asks.
    case unauthenticated
    case invalidToken = "invalid-token"
    case expiredToken = "expired-token"
    case revokedToken = "revoked-token"
    case insufficientScope = "insufficient-scope"
    case notAllowed = "not-allowed"
    case notDisclosed = "not-disclosed"
    // What is asked for.
    case noSuchPath = "no-such-path"
    case notFound = "not-found"
    case methodNotAllowed = "method-not-allowed"
    case notAcceptable = "not-acceptable"
    case requestTimeout = "request-timeout"
    // What it would collide with.
    case ruleBroken = "rule-broken"
    case conflict
    case outdated
    // Sizes and kinds.
    case bodyTooLarge = "body-too-large"
    case addressTooLong = "address-too-long"
    case unsupportedMediaType = "unsupported-media-type"
    case headersTooLarge = "headers-too-large"
    // What it says.
    case invalidField = "invalid-field"
    case unknownField = "unknown-field"
    case missingField = "missing-field"
    case refused
    case keyReused = "key-reused"
    case versionRequired = "version-required"
    case tooManyRequests = "too-many-requests"
    // What is not the caller's doing.
    case internalError = "internal-error"
    case databaseUnavailable = "database-unavailable"
    case busy
    case notReady = "not-ready"
}

extension ProblemCode {
    /// The status of its response.
    var status: HTTPResponse.Status { entry.status }
    /// What it is called, the same for every occurrence.
    var title: Sentence { entry.title }
    /// What to do about it.
    var remedy: Sentence { entry.remedy }
    /// After how many seconds it is worth trying again; nil: not by itself.
    var retryAfter: Int? {
        switch self {
        case .tooManyRequests, .busy: 1
        case .databaseUnavailable, .notReady: 5
        default: nil
        }
    }

    private struct Entry {
        let status: HTTPResponse.Status
        let title: Sentence
        let remedy: Sentence

        init(_ status: HTTPResponse.Status, _ english: (String, String), _ dutch: (String, String)) {
            self.status = status
            title = Sentence(english: english.0, dutch: dutch.0)
            remedy = Sentence(english: english.1, dutch: dutch.1)
        }
    }

    private var entry: Entry {
        switch self {
        case .malformedRequest:
            Entry(
                .badRequest, ("This is not HTTP that can be read", "Send a request as RFC 9112 has it."),
                ("Dit is geen leesbare HTTP", "Stuur een verzoek zoals RFC 9112 het beschrijft."))
        case .malformedJSON:
            Entry(
                .badRequest, ("The body cannot be read", "Send JSON (RFC 8259) in UTF-8, nested 32 levels at most."),
                ("De inhoud is niet te lezen", "Stuur JSON (RFC 8259) in UTF-8, hoogstens 32 niveaus diep."))
        case .badParameter:
            Entry(
                .badRequest, ("A parameter of the address is wrong", "Correct the parameter that is named."),
                ("Een parameter in het adres klopt niet", "Verbeter de genoemde parameter."))
        case .badHeader:
            Entry(
                .badRequest, ("A header is wrong", "Correct the header that is named."),
                ("Een header klopt niet", "Verbeter de genoemde header."))
        case .unauthenticated:
            Entry(
                .unauthorized, ("Who asks is not known", "Send a token: Authorization: Bearer TOKEN."),
                ("Niet bekend wie dit vraagt", "Stuur een token mee: Authorization: Bearer TOKEN."))
        case .invalidToken:
            Entry(
                .unauthorized, ("The token is not valid", "Ask the operator for a token, or sign in again."),
                ("Het token is niet geldig", "Vraag de beheerder om een token, of meld u opnieuw aan."))
        case .expiredToken:
            Entry(
                .unauthorized, ("The token has expired", "Ask the operator for a new one, or sign in again."),
                ("Het token is verlopen", "Vraag de beheerder om een nieuw token, of meld u opnieuw aan."))
        case .revokedToken:
            Entry(
                .unauthorized, ("The token was taken back", "Ask the operator for a new one."),
                ("Het token is ingetrokken", "Vraag de beheerder om een nieuw token."))
        case .insufficientScope:
            Entry(
                .forbidden, ("The token is not for this", "Ask for a token with the scope that is named."),
                ("Het token is hier niet voor", "Vraag om een token met de genoemde scope."))
        case .notAllowed:
            Entry(
                .forbidden, ("This role may not do that", "Ask one of those who may."),
                ("Deze rol mag dat niet", "Vraag het iemand die het wel mag."))
        case .notDisclosed:
            Entry(
                .forbidden, ("This is not disclosed to you", "See which legal basis is in force."),
                ("Dit wordt niet aan u verstrekt", "Ga na welke grondslag er geldt."))
        case .noSuchPath:
            Entry(
                .notFound, ("There is nothing at this address", "See /openapi.yaml for what there is."),
                ("Op dit adres is niets", "Zie /openapi.yaml voor wat er is."))
        case .notFound:
            Entry(
                .notFound, ("There is no such thing", "Check the identifier."),
                ("Dit is er niet", "Controleer de aanduiding."))
        case .methodNotAllowed:
            Entry(
                .methodNotAllowed, ("This cannot be done with what is at this address", "Use a method of Allow."),
                ("Dit kan niet met wat op dit adres is", "Gebruik een methode uit Allow."))
        case .notAcceptable:
            Entry(
                .notAcceptable, ("There is no such form of the answer", "Accept application/json."),
                ("Het antwoord bestaat niet in die vorm", "Accepteer application/json."))
        case .requestTimeout:
            Entry(
                .requestTimeout, ("The request took too long to arrive", "Send it again, all of it at once."),
                ("Het verzoek was te lang onderweg", "Stuur het opnieuw, in één keer."))
        case .ruleBroken:
            Entry(
                .conflict, ("It would break a rule", "See which rules, and where; ask what would do instead."),
                ("Dit zou een regel schenden", "Zie welke regels, en waar; vraag wat wel kan."))
        case .conflict:
            Entry(
                .conflict, ("It does not fit what is there by now", "Look at what is there, then decide."),
                ("Dit past niet bij wat er nu is", "Kijk wat er is en beslis dan."))
        case .outdated:
            Entry(
                .preconditionFailed, ("It was changed since you looked", "Get it again, then decide."),
                ("Het is veranderd sinds u keek", "Haal het opnieuw op en beslis dan."))
        case .bodyTooLarge:
            Entry(
                .contentTooLarge, ("The body is too large", "Send less at a time."),
                ("De inhoud is te groot", "Stuur minder tegelijk."))
        case .addressTooLong:
            Entry(
                .uriTooLong, ("The address is too long", "Use fewer or shorter parameters."),
                ("Het adres is te lang", "Gebruik minder of kortere parameters."))
        case .unsupportedMediaType:
            Entry(
                .unsupportedMediaType, ("A body of this kind is not read here", "Send a Content-Type that is named."),
                ("Inhoud van deze soort wordt hier niet gelezen", "Stuur een genoemd Content-Type."))
        case .headersTooLarge:
            Entry(
                .requestHeaderFieldsTooLarge, ("The headers are too large", "Send fewer or shorter headers."),
                ("De headers zijn te groot", "Stuur minder of kortere headers."))
        case .invalidField:
            Entry(
                .unprocessableContent, ("A field is wrong", "Correct the fields that are named."),
                ("Een veld klopt niet", "Verbeter de genoemde velden."))
        case .unknownField:
            Entry(
                .unprocessableContent, ("There is no such field", "Leave the fields that are named out."),
                ("Zo'n veld is er niet", "Laat de genoemde velden weg."))
        case .missingField:
            Entry(
                .unprocessableContent, ("A field is missing", "Add the fields that are named."),
                ("Er ontbreekt een veld", "Voeg de genoemde velden toe."))
        case .refused:
            Entry(
                .unprocessableContent, ("The ledger cannot take this in", "Correct what is named."),
                ("Dit kan niet worden vastgelegd", "Verbeter wat genoemd is."))
        case .keyReused:
            Entry(
                .unprocessableContent,
                (
                    "The key was used for something else",
                    "Give each request a key of its own; repeat only the same one."
                ),
                (
                    "De sleutel is voor iets anders gebruikt",
                    "Geef elk verzoek een eigen sleutel; herhaal alleen hetzelfde."
                ))
        case .versionRequired:
            Entry(
                .preconditionRequired, ("Say which version you change", "Send If-Match with the ETag that you got."),
                ("Zeg welke versie u wijzigt", "Stuur If-Match met de ETag die u kreeg."))
        case .tooManyRequests:
            Entry(
                .tooManyRequests, ("Too many requests", "Wait as long as Retry-After says."),
                ("Te veel verzoeken", "Wacht zo lang als Retry-After zegt."))
        case .internalError:
            Entry(
                .internalServerError, ("Something went wrong here", "Tell the operator the requestId."),
                ("Hier ging iets mis", "Geef de beheerder het requestId."))
        case .databaseUnavailable:
            Entry(
                .serviceUnavailable, ("The database is away", "Try again after Retry-After, with the same key."),
                ("De database is niet bereikbaar", "Probeer opnieuw na Retry-After, met dezelfde sleutel."))
        case .busy:
            Entry(
                .serviceUnavailable, ("Too much is going on", "Try again after Retry-After, with the same key."),
                ("Het is te druk", "Probeer opnieuw na Retry-After, met dezelfde sleutel."))
        case .notReady:
            Entry(
                .serviceUnavailable, ("Not ready", "Try again after Retry-After; the operator can see why."),
                ("Niet gereed", "Probeer opnieuw na Retry-After; de beheerder kan zien waarom."))
        }
    }
}
