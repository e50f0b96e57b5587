import CoreMetrics
import Synchronization

/// The figures of this process, as Prometheus reads them (text format 0.0.4).
///
/// Labels are few and known: a route's pattern and never an address, a role and never who.
final class MetricsRegistry: MetricsFactory {
    /// The upper ends of a timer's classes, in seconds.
    static let bounds = [0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

    private struct Key: Hashable {
        let name: String
        let labels: String
    }

    private struct Metrics {
        var counters: [Key: CountingHandler] = [:]
        var gauges: [Key: GaugeHandler] = [:]
        var timers: [Key: TimingHandler] = [:]
    }

    private let metrics = Mutex(Metrics())

    func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        counter(label, dimensions)
    }

    func makeFloatingPointCounter(
        label: String, dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        counter(label, dimensions)
    }

    func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        gauge(label, dimensions)
    }

    func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler { gauge(label, dimensions) }

    func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        let key = Self.key(label, dimensions)
        return metrics.withLock { metrics in
            if let known = metrics.timers[key] { return known }
            let made = TimingHandler()
            metrics.timers[key] = made
            return made
        }
    }

    // What was counted is told as long as the process lives.
    func destroyCounter(_ handler: any CounterHandler) {}
    func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}
    func destroyRecorder(_ handler: any RecorderHandler) {}
    func destroyMeter(_ handler: any MeterHandler) {}
    func destroyTimer(_ handler: any TimerHandler) {}

    /// All figures as text.
    var text: String {
        let metrics = metrics.withLock { $0 }
        var text = ""
        func section<Handler>(_ all: [Key: Handler], _ type: String, _ lines: (Key, Handler) -> String) {
            for (name, members) in Dictionary(grouping: all, by: \.key.name).sorted(by: { $0.key < $1.key }) {
                text += "# TYPE \(name) \(type)\n"
                for (key, handler) in members.sorted(by: { $0.key.labels < $1.key.labels }) {
                    text += lines(key, handler)
                }
            }
        }
        section(metrics.counters, "counter") { "\($0.name)\(Self.braced($0.labels)) \($1.value)\n" }
        section(metrics.gauges, "gauge") { "\($0.name)\(Self.braced($0.labels)) \($1.value)\n" }
        section(metrics.timers, "histogram") { key, timer in
            let (counts, sum) = timer.classes
            var lines = ""
            var total = 0
            for (bound, count) in zip(Self.bounds.map { String($0) } + ["+Inf"], counts) {
                total += count
                let labels = key.labels.isEmpty ? "" : key.labels + ","
                lines += "\(key.name)_bucket{\(labels)le=\"\(bound)\"} \(total)\n"
            }
            let labels = Self.braced(key.labels)
            return lines + "\(key.name)_sum\(labels) \(sum)\n\(key.name)_count\(labels) \(total)\n"
        }
        return text
    }

    private func counter(_ label: String, _ dimensions: [(String, String)]) -> CountingHandler {
        let key = Self.key(label, dimensions)
        return metrics.withLock { metrics in
            if let known = metrics.counters[key] { return known }
            let made = CountingHandler()
            metrics.counters[key] = made
            return made
        }
    }

    private func gauge(_ label: String, _ dimensions: [(String, String)]) -> GaugeHandler {
        let key = Self.key(label, dimensions)
        return metrics.withLock { metrics in
            if let known = metrics.gauges[key] { return known }
            let made = GaugeHandler()
            metrics.gauges[key] = made
            return made
        }
    }

    private static func key(_ label: String, _ dimensions: [(String, String)]) -> Key {
        let labels = dimensions.map { name, value in
            let escaped = value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
            return "\(name)=\"\(escaped)\""
        }
        return Key(name: label, labels: labels.joined(separator: ","))
    }

    private static func braced(_ labels: String) -> String { labels.isEmpty ? "" : "{\(labels)}" }
}

/// A figure that only grows.
private final class CountingHandler: CounterHandler, FloatingPointCounterHandler {
    private let total = Mutex(0.0)
    var value: Double { total.withLock { $0 } }
    func increment(by amount: Int64) { total.withLock { $0 += Double(amount) } }
    func increment(by amount: Double) { total.withLock { $0 += amount } }
    func reset() { total.withLock { $0 = 0 } }
}

/// A figure that goes up and down.
private final class GaugeHandler: RecorderHandler, MeterHandler {
    private let current = Mutex(0.0)
    var value: Double { current.withLock { $0 } }
    func record(_ value: Int64) { current.withLock { $0 = Double(value) } }
    func record(_ value: Double) { current.withLock { $0 = value } }
    func set(_ value: Int64) { record(value) }
    func set(_ value: Double) { record(value) }
    func increment(by amount: Double) { current.withLock { $0 += amount } }
    func decrement(by amount: Double) { current.withLock { $0 -= amount } }
}

/// How long things took, by classes.
private final class TimingHandler: TimerHandler {
    private let state = Mutex((counts: [Int](repeating: 0, count: MetricsRegistry.bounds.count + 1), sum: 0.0))
    /// The number in each class, and the seconds in all.
    var classes: ([Int], Double) { state.withLock { ($0.counts, $0.sum) } }

    func recordNanoseconds(_ duration: Int64) {
        let seconds = Double(duration) / 1e9
        let index = MetricsRegistry.bounds.firstIndex { seconds <= $0 } ?? MetricsRegistry.bounds.count
        state.withLock {
            $0.counts[index] += 1
            $0.sum += seconds
        }
    }
}
