import Crypto
public import Foundation

/// The signature of a delivery, by the Standard Webhooks specification (standardwebhooks.com, version 1).
public enum WebhookSignature {
    /// The headers that go with a body.
    ///
    /// - Parameters:
    ///   - id: The delivery's own identifier, the same at every attempt.
    ///   - time: When it is sent: a receiver refuses what is old.
    ///   - secret: `whsec_` and the key in Base64.
    /// - Returns: `webhook-id`, `webhook-timestamp` and `webhook-signature`; nil when the secret is none.
    public static func headers(
        id: String, at time: Date, body: Data, secret: String
    ) -> [(name: String, value: String)]? {
        guard secret.hasPrefix(prefix), let key = Data(base64Encoded: String(secret.dropFirst(prefix.count))) else {
            return nil
        }
        let timestamp = String(Int(time.timeIntervalSince1970))
        let signed = Data("\(id).\(timestamp).".utf8) + body
        let digest = HMAC<SHA256>.authenticationCode(for: signed, using: SymmetricKey(data: key))
        return [
            ("webhook-id", id), ("webhook-timestamp", timestamp),
            ("webhook-signature", "v1,\(Data(digest).base64EncodedString())"),
        ]
    }

    /// A new secret: 256 bits of chance.
    static func newSecret() -> String {
        prefix + SymmetricKey(size: .bits256).withUnsafeBytes { Data($0) }.base64EncodedString()
    }

    private static let prefix = "whsec_"
}
