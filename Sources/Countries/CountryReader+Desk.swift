import CareChain
import Foundation

extension CountryReader {
    /// Reads what the desk goes by: `desk.csv`, `desk-hours.csv` and `deadlines.csv`.
    func readDesk() throws(CSVProblem) -> Country.Desk {
        var settings: [String: CSVRow] = [:]
        for row in try rows("desk.csv", "key", "value") {
            if let earlier = settings.updateValue(row, forKey: try row.text("key")) {
                throw row.problem("key", "\"\(row["key"])\" is on line \(earlier.line) already")
            }
        }
        func setting(_ key: String) throws(CSVProblem) -> CSVRow {
            guard let row = settings.removeValue(forKey: key) else {
                throw CSVProblem(file: "desk.csv", problem: "the key \"\(key)\" is missing")
            }
            return row
        }
        let zone = try setting("zone")
        guard TimeZone(identifier: try zone.text("value")) != nil else {
            throw zone.problem("value", "\"\(zone["value"])\" is not a time zone")
        }
        let nights = try setting("emergency_nights").whole("value", within: 1...14)
        let size = try setting("group_size").whole("value", within: 2...1000)
        let notice = try setting("group_notice_days").whole("value", within: 0...365)
        let fix = try setting("group_fix_days").whole("value", within: 0...notice)
        let age = try setting("report_age_hours")
        let ageHours = age["value"].isEmpty ? nil : try age.whole("value", within: 1...8760)
        if let unknown = settings.values.min(by: { $0.line < $1.line }) {
            throw unknown.problem("key", "\"\(unknown["key"])\" is not known")
        }
        return Country.Desk(
            zone: zone["value"], emergencyNights: nights, groupSize: size, groupNoticeDays: notice, groupFixDays: fix,
            reportAgeHours: ageHours, hours: try readHours(), deadlines: try readDeadlines())
    }

    private func readHours() throws(CSVProblem) -> [Country.Hours] {
        var found: [Country.Hours] = []
        for row in try rows("desk-hours.csv", "weekday", "opens", "closes") {
            let hours = Country.Hours(
                weekday: try row.whole("weekday", within: 1...7), opens: try row.time("opens"),
                closes: try row.time("closes"))
            if hours.closes <= hours.opens {
                throw row.problem("closes", "\(hours.closes) is not after \(hours.opens)")
            }
            if found.contains(where: { $0.weekday == hours.weekday }) {
                throw row.problem("weekday", "\(hours.weekday) is there already")
            }
            found.append(hours)
        }
        if found.isEmpty { throw CSVProblem(file: "desk-hours.csv", problem: "the desk is never open") }
        return found
    }

    private func readDeadlines() throws(CSVProblem) -> [Country.Deadline] {
        var found: [Country.Deadline] = []
        for row in try rows("deadlines.csv", "task", "urgency", "hours", "desk_time") {
            let deadline = Country.Deadline(
                task: try row.choice("task", Country.Task.self), urgency: try row.choice("urgency", Urgency.self),
                hours: try row.whole("hours", within: 1...8760), deskTime: try row.yesOrNo("desk_time"))
            if found.contains(where: { $0.task == deadline.task && $0.urgency == deadline.urgency }) {
                throw row.problem("urgency", "\(deadline.task.rawValue), \(deadline.urgency.rawValue) is there already")
            }
            found.append(deadline)
        }
        for task in Country.Task.allCases {
            for urgency in Urgency.allCases
            where !found.contains(where: { $0.task == task && $0.urgency == urgency }) {
                throw CSVProblem(
                    file: "deadlines.csv", problem: "there is none for \(task.rawValue), \(urgency.rawValue)")
            }
        }
        return found
    }
}
