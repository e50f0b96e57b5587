import CareChain
import TestSupport
import Testing

@Suite struct CalendarTests {
    @Test(arguments: [
        "2026-13-01", "2026-00-01", "2026-02-29", "1900-02-29", "2026-04-31", "2026-1-05", "0000-01-01", "2026-01-05 ",
        "２026-01-05", "", "05-01-2026",
    ])
    func noDate(_ text: String) {
        #expect(CalendarDate(text) == nil)
    }

    @Test func daysAddUpOverFourHundredYears() throws {
        var day = date("1900-01-01")
        let end = date("2300-01-01")
        let first = day
        var count = 0
        while day != end {
            let next = day.adding(days: 1)
            #expect(day < next && CalendarDate(next.description) == next)
            #expect(first.days(to: next) == count + 1)
            day = next
            count += 1
        }
        #expect(count == 146_097)
        #expect(end.adding(days: -146_097) == first)
    }

    @Test func bornOnALeapDayIsOlderFromTheFirstOfMarch() {
        let birth = date("2008-02-29")
        #expect(date("2026-02-28").age(bornOn: birth) == 17)
        #expect(date("2026-03-01").age(bornOn: birth) == 18)
        #expect(date("2024-02-29").age(bornOn: birth) == 16)
        #expect(birth.reaching(age: 18) == date("2026-03-01"))
        #expect(birth.reaching(age: 16) == date("2024-02-29"))
    }

    @Test func ageInWholeYears() {
        #expect(date("2026-06-14").age(bornOn: date("1990-06-15")) == 35)
        #expect(date("2026-06-15").age(bornOn: date("1990-06-15")) == 36)
    }

    @Test func stepsHoldUntilTheNext() {
        let beds = StepFunction([.init(from: 0, value: 6), .init(from: 4, value: 0), .init(from: 9, value: 2)])
        #expect([-1, 0, 3, 4, 8, 9, 500].map { beds[Day($0)] } == [6, 6, 6, 0, 0, 2, 2])
        let pieces = beds.pieces(within: 2..<9)
        #expect(pieces.map(\.days) == [2..<4, 4..<9])
        #expect(pieces.map(\.value) == [6, 0])
    }
}
