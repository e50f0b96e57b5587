import Countries

/// The smallest country that has everything, as its files.
let tinyCountry: [String: String] = [
    "regions.csv": """
    id,name,found_permille
    north,North,600
    south,South,400
    """,
    "memberships.csv": """
    region,function,body,from,until
    north,police-unit,Police of the North,2013-01-01,
    """,
    "travel.csv": """
    a,b,minutes
    north,south,50
    """,
    "shelters.csv": """
    id,name,region,kind,security,services,placement_authority,intake,others_percent
    s1,House One,north,house,3,24h;trauma,desk-exclusive,any hour,0
    s2,House Two,south,house,1,,shelter,weekdays 9-17,50
    """,
    "units.csv": """
    id,shelter,bed_type,sexes,min_age,max_age,phases,services,mixing,exclusive,min_group,max_group,count_by,max_leg_days,daily_cost_cents,scarcity
    s1-v,s1,women,female,18,,reflection;permit,,any,no,1,,victim,90,14500,0
    s2-k,s2,families,female;male;x,,,,children,single-sex,yes,2,4,request,,9000,6
    """,
    "beds.csv": """
    unit,from,count,reason
    s2-k,2026-03-01,3,opened
    s1-v,2026-02-01,4,renovated
    s1-v,2026-01-01,6,opened
    """,
    "funders.csv": """
    id,name,phases,bed_types,registered_in,shelter_regions,min_age,max_age,from,until,max_days_per_victim,budget_cents
    state,The state,reflection,women,,,18,,2026-01-01,,90,
    town,The town,,,north;south,south,,,2025-01-01,2026-02-01,,100000
    """,
    "planning.csv": """
    key,value
    max_moves,1
    min_leg_days,7
    unplaced_crisis,90000
    move,1000
    """,
    "desk.csv": """
    key,value
    zone,Europe/Amsterdam
    emergency_nights,3
    group_size,4
    group_notice_days,10
    group_fix_days,5
    report_age_hours,48
    """,
    "desk-hours.csv": """
    weekday,opens,closes
    1,09:00,17:00
    6,10:00,14:00
    """,
    "deadlines.csv": """
    task,urgency,hours,desk_time
    answer,crisis,2,no
    answer,urgent,8,yes
    answer,planned,24,yes
    place,crisis,24,no
    place,urgent,80,yes
    place,planned,160,yes
    """,
]

/// What reading the tiny country says once something in one of its files is replaced; nil when it is read.
func complaint(_ file: String, _ old: String, _ new: String) -> String? {
    var files = tinyCountry
    files[file] = files[file]?.replacing(old, with: new)
    return complaint(files)
}

func complaint(_ files: [String: String]) -> String? {
    do {
        _ = try Country(files: files)
        return nil
    } catch {
        return error.description
    }
}
