import CareChain
import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

/// Refuses at the door what is too large, too slow or no HTTP, so that nobody behind it has to read it.
///
/// One for each connection, between the parser and the server. After a refusal the connection is closed: what is still on
/// its way is thrown away unread.
final class RequestGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// How long the refusal has to arrive before the connection is closed for good.
    private static let farewell: TimeAmount = .seconds(2)

    /// How long, when the server stops, whoever listens to events has to read their end.
    private static let parting: TimeAmount = .seconds(5)

    private let limits: Limits
    private let origins: AllowedOrigins
    private let connections: OpenConnections
    private let log: RequestLog
    private var connection: OpenConnections.Connection?
    private var head: HTTPRequest?
    private var bodyBytes = 0
    private var isArriving = false
    private var awaitingResponse = 0
    private var isResponding = false
    private var isRefusing = false
    private var isClosingAfterResponse = false
    private var isListening = false
    private var isParting = false
    private var alarm: Scheduled<Void>?

    init(_ limits: Limits, _ origins: AllowedOrigins, _ connections: OpenConnections, _ log: RequestLog) {
        self.limits = limits
        self.origins = origins
        self.connections = connections
        self.log = log
    }

    func handlerAdded(context: ChannelHandlerContext) {
        connection = connections.add(context.channel)
        if context.channel.isActive { setAlarm(context) }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        connections.remove(context.channel)
        alarm?.cancel()
    }

    func channelActive(context: ChannelHandlerContext) {
        setAlarm(context)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        alarm?.cancel()
        connection?.abandon()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if isRefusing || isClosingAfterResponse { return }
        switch unwrapInboundIn(data) {
        case .head(var head):
            // Whoever refuses it and whoever carries it out call it the same.
            head.headerFields[.requestID] = ExchangeID.of(head.headerFields)
            self.head = head
            bodyBytes = 0
            isArriving = true
            setAlarm(context)
            if (head.path ?? "").utf8.count > limits.addressBytes {
                return refuse(Problem(.addressTooLong), context)
            }
            if let length = head.headerFields[.contentLength].flatMap(Int.init), length > limits.bodyBytes {
                return refuse(Problem(.bodyTooLarge), context)
            }
            awaitingResponse += 1
            return context.fireChannelRead(wrapInboundOut(.head(head)))
        case .body(let part):
            bodyBytes += part.readableBytes
            if bodyBytes > limits.bodyBytes {
                // Who reads the body finds it too large and says so; then this ends. Where nobody does, it ends at once.
                isClosingAfterResponse = true
                if awaitingResponse == 0 { return close(context) }
            }
        case .end:
            isArriving = false
            setAlarm(context)
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if isRefusing {
            promise?.fail(ChannelError.ioOnClosedChannel)
            return
        }
        context.write(data, promise: promise)
        switch unwrapOutboundIn(data) {
        case .head(let head):
            isResponding = true
            // Whoever listens to events listens longer than any answer takes.
            if head.headerFields[.contentType] == "text/event-stream" {
                isListening = true
                alarm?.cancel()
            }
            return
        case .body: return
        case .end: break
        }
        isResponding = false
        isListening = false
        awaitingResponse -= 1
        if isClosingAfterResponse {
            context.flush()
            close(context)
        } else if !isArriving {
            setAlarm(context)
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        // Of events, what was written last must be read in the time in which an answer must be.
        if isListening, !isParting {
            if context.channel.isWritable {
                alarm?.cancel()
            } else {
                closeUnlessEnded(in: TimeAmount(limits.answering), context)
            }
        }
        context.fireChannelWritabilityChanged()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        // The server stops: whoever listens is told the end, but one who does not read it must not hold the server up.
        if event is ChannelShouldQuiesceEvent, isListening {
            isParting = true
            closeUnlessEnded(in: Self.parting, context)
        }
        if event as? ChannelEvent == .inputClosed { connection?.abandon() }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard error is HTTPParserError, awaitingResponse == 0 else { return context.fireErrorCaught(error) }
        // The head that is known is that of the request before.
        head = nil
        refuse(Problem(error as? HTTPParserError == .headerOverflow ? .headersTooLarge : .malformedRequest), context)
    }

    /// Lets so much time for what is awaited: an answer, or else a request.
    private func setAlarm(_ context: ChannelHandlerContext) {
        alarm?.cancel()
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        let time = !isArriving && awaitingResponse > 0 ? limits.answering : limits.arrival
        alarm = context.eventLoop.scheduleTask(in: TimeAmount(time)) {
            let (guardian, context) = bound.value
            guardian.ring(context)
        }
    }

    private func ring(_ context: ChannelHandlerContext) {
        if awaitingResponse == 0 || isResponding {
            // Nothing came, or a head that never ends: whom nobody asked needs no answer. Nor does one who does not read it.
            context.close(promise: nil)
        } else {
            refuse(Problem(isArriving ? .requestTimeout : .busy), context)
        }
    }

    private func refuse(_ problem: Problem, _ context: ChannelHandlerContext) {
        let asked = head?.headerFields ?? [:]
        let language = Language(acceptLanguage: asked[.acceptLanguage])
        let id = ExchangeID.of(asked)
        if awaitingResponse > 0 {
            connection?.tell(problem.code)
        } else {
            log.note(RequestLog.Entry(id: id, code: problem.code), problem.code.status)
        }
        let refusal = Refusal(problem, in: language, requestID: id)
        var response = refusal.head
        response.headerFields[.connection] = "close"
        origins.mark(&response.headerFields, for: asked)
        context.write(wrapOutboundOut(.head(response)), promise: nil)
        if head?.method != .head { context.write(wrapOutboundOut(.body(refusal.body)), promise: nil) }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        isRefusing = true
        close(context)
    }

    /// Says that nothing follows, and closes a little later: at once would throw away what the caller has not read yet.
    private func close(_ context: ChannelHandlerContext) {
        context.close(mode: .output, promise: nil)
        closeUnlessEnded(in: Self.farewell, context)
    }

    private func closeUnlessEnded(in time: TimeAmount, _ context: ChannelHandlerContext) {
        alarm?.cancel()
        let channel = context.channel
        alarm = context.eventLoop.scheduleTask(in: time) { channel.close(promise: nil) }
    }
}
