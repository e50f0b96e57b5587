/// Where prices may be while they are near those that are known to be good: those of a plan to which little was added.
///
/// Few trajectories are known there, and at prices that only they determine all others look better than they are. Kept near,
/// prices go where they are missing (Marsten, Hogan and Blankenship, *The Boxstep method for large-scale optimization*,
/// 1975): with one new request on `national-1` it takes 10 iterations and not 17 to 21.
struct PriceBox {
    /// The middle of the box.
    let prices: Prices
    /// The days of the horizon.
    let days: Int

    /// How far a price may be from the middle, in points per day. From 10 to 150 it makes no difference.
    private static let width = 20.0

    /// The bounds of a price on a day. A price of nothing can become any: there somebody is new.
    func bounds(of kind: SharedResources.Kind, on day: Int) -> ClosedRange<Double> {
        let price = price(of: kind, on: day)
        return price > 0 ? max(0, price - Self.width)...(price + Self.width) : 0...(.infinity)
    }

    /// The price in the middle of the box.
    func price(of kind: SharedResources.Kind, on day: Int) -> Double {
        switch kind {
        case .beds(let unit): prices.beds[unit * days + day]
        case .presence(let unit): prices.presence[unit][day]
        case .contact: 0
        }
    }
}
