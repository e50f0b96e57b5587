extension ConstraintSentence {
    /// What a constraint says in Dutch, where it is one that who makes steps can meet; the others guard what only the program
    /// and its operators write.
    static func dutch(of constraint: String) -> String? { dutch[constraint] ?? denied[constraint] }

    private static let dutch: [String: String] = [
        // Wat er bij elke stap kan spelen
        "actor_form": "wie handelt is ROL/AANDUIDING, met een van de rollen die er zijn",
        "age_possible": "een leeftijd is een heel aantal jaren van 0 tot 150",
        "bed_type_known": "zo'n soort plek is er niet",
        "identifier_length": "een aanduiding heeft 1 tot 200 bytes",
        "phase_known": "zo'n fase is er niet",
        "sex_known": "een geslacht is female, male of x",
        "whole_range": "een getal is geen heel getal van 0 tot 1.000.000.000",
        "command_key": "dezelfde opdracht wordt al uitgevoerd",

        // Slachtoffers
        "victim_birth_date": "een geboortedatum is geen datum",
        "victim_key": "er is al een slachtoffer met dat pseudoniem",
        "victim_security": "de beveiligingsniveaus van een slachtoffer lopen op binnen 1 tot 4",
        "victim_need_key": "het slachtoffer heeft die behoefte al",
        "victim_region": "een zaak is van een regio die er niet is",
        "victim_registration_region": "een inschrijving noemt een regio die er niet is",
        "avoided_region_region": "een te mijden regio is er een die er niet is",
        "avoided_region_once": "het slachtoffer mijdt die regio op die dag al",
        "avoided_shelter_shelter": "een te mijden opvang is er een die er niet is",
        "avoided_shelter_once": "het slachtoffer mijdt die opvang op die dag al",
        "investigation_region": "een onderzoek noemt een regio die er niet is",
        "investigation_once": "een slachtoffer heeft op dezelfde dag twee onderzoeken",
        "guardianship_once": "een slachtoffer heeft op dezelfde dag twee voogden",
        "court_order_days": "een machtiging duurt geen dag",
        "court_order_once": "een slachtoffer heeft op dezelfde dag twee machtigingen",

        // Verzoeken
        "request_dates": "een verzoek is nodig voordat het bekend is, of moet beginnen voordat het nodig is",
        "request_holds": "er zijn plekken gereserveerd voor een verzoek dat voorbij is",
        "request_key": "er is al een verzoek met die aanduiding",
        "request_legal_step": "het verzoek is in een toestand van waaruit deze stap niet kan",
        "request_offers": "wat de toestand van het verzoek over zijn aanbod zegt, klopt niet",
        "request_preferred_region": "een verzoek heeft een voorkeur voor een regio die er niet is",
        "request_proposal":
            "geen gepubliceerd plan zegt dat voor het verzoek een plek is voorgesteld, of dat er geen is",
        "request_region": "een verzoek is van een regio die er niet is",
        "request_stay_days": "een verzoek duurt minder dan een dag",
        "request_stays": "wat de toestand van het verzoek over zijn plekken zegt, klopt niet",
        "request_step_role":
            "deze stap in een verzoek is niet voor deze rol, of niet voor wie dit vraagt: het verzoek is geen zaak van hen",
        "request_transfer": "alleen een geplaatst verzoek verhuist, en op een eigen aanbod dat is aanvaard",
        "request_victims": "een verzoek is voor minstens één slachtoffer",
        "request_victim_once": "een slachtoffer is in twee verzoeken die niet voorbij zijn",
        "request_victim_one_night": "een slachtoffer heeft twee nachtplaatsingen die niet voorbij zijn",
        "request_victim_victim": "een verzoek noemt een slachtoffer dat er niet is",

        // Capaciteit, reserveringen en acties
        "capacity_report_days": "een melding gaat over geen dag, of heeft geen eerste dag",
        "capacity_report_once": "die sleutel is voor een andere melding gebruikt",
        "capacity_report_past": "een melding vertelt over een tijd die nog komt",
        "capacity_report_same": "deze sleutel is voor een andere melding gebruikt: geef elke melding een eigen sleutel",
        "capacity_report_source":
            "een opvang meldt haar eigen afdelingen, de coördinatiedesk en de beheerder elke; niemand anders meldt",
        "capacity_report_unit": "een melding is van een afdeling die er niet is",
        "hold_beds": "niet op elke dag van de reservering zijn er zoveel vrije plekken",
        "hold_days": "een reservering heeft geen eerste dag, geen laatste dag of geen dagen",
        "hold_end": "een reservering eindigt voordat zij begint, of nooit",
        "hold_purpose": "een reservering heeft geen doel",
        "hold_request": "een reservering is voor een verzoek dat er niet is",
        "hold_some": "een reservering is voor geen enkele plek",
        "hold_unit": "een reservering is van een afdeling die er niet is",
        "planned_action_days": "een actie heeft geen eerste dag, geen laatste dag of geen dagen",
        "planned_action_end": "een actie eindigt voordat zij gepland is, of nooit",
        "planned_action_fixed": "zo kort voor de dag kunnen de plekken van een groep niet meer veranderen",
        "planned_action_need_some": "een actie vraagt om geen enkele plek",
        "planned_action_notice": "een groep wordt later aangekondigd dan haar termijn vraagt",
        "planned_action_owner": "een actie is niet van de politie",

        "case_actor": "wat een casus aangaat, doet wie de casus heeft, of de coördinatiedesk",
        "owner_actor":
            "een reservering, een actie of een deel van een overdracht is van wie handelt; wie het aangaat, laat los",

        // Aanbod
        "offer_actor":
            "aanbod doet de coördinatiedesk, een coördinator of een voogd; wie handelt, antwoordt voor de eigen kant",
        "offer_approval_key": "deze instemming is al gegeven",
        "offer_approval_role": "deze instemming wordt niet van deze rol gevraagd, of niet van deze",
        "offer_approvals": "nog niet iedereen van wie instemming nodig is, heeft ingestemd",
        "offer_content_kept": "een aanbod waarmee iemand heeft ingestemd, of dat beantwoord is, blijft zoals het is",
        "offer_court_order": "een gesloten opvang vraagt een machtiging die op de eerste dag geldt",
        "offer_decline": "een aanbod wordt afgewezen door iemand en om een reden",
        "offer_decline_reason": "om die reden wijst deze kant niet af",
        "offer_even": "de slachtoffers van een verzoek beginnen, verhuizen en eindigen op dezelfde dagen",
        "offer_in_time": "de tijd om het aanbod te beantwoorden is voorbij, of nog niet gekomen",
        "offer_legal_step": "het aanbod is al beantwoord, en blijft zoals het gedaan en beantwoord is",
        "offer_of_open_request": "het verzoek neemt zo'n aanbod niet: het wacht niet op een plek, of verhuist niet",
        "offer_one_placement": "het verzoek is al door een ander aanbod geplaatst",
        "offer_request": "een aanbod is voor een verzoek dat er niet is",
        "offer_second_person": "een tweede persoon moet instemmen voordat van een harde regel wordt afgeweken",
        "offer_stay_days": "een aangeboden verblijf heeft geen eerste dag, geen laatste dag of geen dagen",
        "offer_stay_one_place": "een aanbod heeft een slachtoffer op dezelfde dag op twee plekken",
        "offer_stay_unit": "een aangeboden verblijf is in een afdeling die er niet is",
        "offer_stay_victim": "een aangeboden verblijf is van een slachtoffer dat er niet is",
        "offer_whole": "het aanbod laat een slachtoffer van het verzoek weg",
        "rule_override_actor":
            "van een regel wijkt af, en mee stemt in, wie handelt; daarna blijft de afwijking zoals zij is",
        "rule_override_basis": "de grondslag van een afwijking is leeg",
        "rule_override_key": "het aanbod wijkt al van die regel af",
        "rule_override_legal": "van een harde regel wordt afgeweken zonder grondslag",
        "rule_override_reason": "een afwijking heeft geen reden",
        "rule_override_rule": "van die regel kan niemand afwijken",
        "rule_override_second": "wie van een regel afwijkt, kan niet ook de tweede persoon zijn",

        // Plaatsingen, verhuizingen en uitstroom
        "stay_beds": "niet op elke dag van het verblijf is er een vrije plek",
        "stay_contiguous": "de verblijven van een verzoek sluiten niet dag op dag aan",
        "stay_days": "een verblijf heeft geen eerste dag, geen laatste dag of geen dagen",
        "stay_exclusive": "de afdeling neemt één groep tegelijk, en er is een andere",
        "stay_handover": "de overdracht is niet compleet",
        "stay_mixing": "de afdeling is voor één geslacht tegelijk, en er zijn mensen van een ander",
        "stay_no_contact": "er is iemand die het slachtoffer niet mag ontmoeten",
        "stay_one_place": "een slachtoffer is op dezelfde dag op twee plekken",
        "stay_unagreed": "een verblijf is van een aanvaard aanbod, een nachtplaatsing, of was er toen alles begon",
        "stay_unit": "een verblijf is in een afdeling die er niet is",
        "transfer_checklist":
            "een overdracht is compleet als het dossier verzonden en ontvangen is, en medicatie en vervoer geregeld zijn",
        "transfer_legal_step":
            "een doorplaatsing is gewenst, dan afgesproken, dan compleet als er iemand verhuisd is; tot dan kan zij vervallen",
        "transfer_one_open": "het verzoek verhuist al",
        "transfer_reason": "een doorplaatsing heeft geen reden",
        "transfer_transport_from": "vervoer vertrekt uit een regio die er niet is",
        "transfer_transport_to": "vervoer gaat naar een regio die er niet is",
        "outflow_block_cause": "wat belemmert is geen van de oorzaken die er zijn",
        "outflow_block_days": "een oorzaak die belemmert heeft geen eerste dag of geen dagen",
        "outflow_block_once": "twee oorzaken belemmeren hetzelfde verzoek op dezelfde dag",
        "night_placement_bed": "dit is geen noodbed dat deze rol 's nachts mag geven",
        "night_placement_days": "een nachtplaatsing heeft geen nachten",
        "night_placement_hours": "de coördinatiedesk is open: vraag daar om een plek",
        "night_placement_key": "er is al een nachtplaatsing van dat verzoek",
        "night_placement_nights": "een nachtplaatsing is voor meer nachten dan waar een noodbed voor is",
        "night_placement_role":
            "'s nachts plaatsen alleen coördinatiedesk, coördinator, politie en opvang, en alleen wie zelf handelt",
        "night_placement_tonight": "een nachtplaatsing begint niet deze nacht",
        "night_placement_unit": "een nachtplaatsing is in een afdeling die er niet is",

        // Dekking, grondslagen, plannen, webhooks
        "legal_basis_once":
            "zo'n grondslag is voor een deel van die dagen al vastgelegd: trek die eerst in, of begin waar zij eindigt",
        "coverage_actor":
            "wie wat dekt, zegt de coördinatiedesk of de beheerder; een afwezigheid ook de coördinator zelf",
        "coverage_ages": "de leeftijden van een dekking zijn niet van 0 tot 150",
        "coverage_days": "een dekking heeft geen dagen",
        "coverage_once": "de coördinator dekt die regio en functie al voor een deel van die leeftijden en dagen",
        "coverage_region": "een dekking is van een regio die er niet is",
        "coordinator_absence_days": "een afwezigheid heeft geen dagen",
        "coordinator_absence_once": "de coördinator is op een deel van die dagen al afwezig",
        "plan_job_days": "een plan gaat over 1 tot 3660 dagen",
        "webhook_owner": "voor die rol zijn er geen gebeurtenissen",
        "webhook_url":
            "het adres van een webhook is een URL zonder gebruiker, wachtwoord en spaties, van hoogstens 2000 bytes",
    ]

    /// What the database does not let a role do, by the code that its functions say.
    static let denied: [String: String] = [
        "acting_fixed": "een login die één persoon is, kan geen ander zijn",
        "acting_late": "wie handelt, wordt gezegd in het bericht waarmee de transactie begint",
        "acting_nobody": "wie handelt, heeft een rol en een aanduiding",
        "address_write": "het adres van een opvang schrijft alleen die opvang zelf",
        "alarm_open": "er is geen open alarm met dat nummer",
        "alarm_role": "alarmen zijn voor de functionaris gegevensbescherming",
        "audit_append_only": "aan het logboek wordt alleen toegevoegd",
        "break_glass_role":
            "vitaal belang opent een zaak alleen voor coördinatiedesk, coördinatoren, opvang en voogden",
        "case_erase": "het is niet aan wie dit vraagt om deze zaak te wissen",
        "case_erase_name": "de nieuwe naam van een gewiste zaak is erased- en toeval",
        "case_export": "het is niet aan wie dit vraagt om deze zaak uit te geven",
        "case_none": "er is geen slachtoffer met die aanduiding",
        "case_under_way":
            "de zaak loopt nog: eerst eindigen haar verzoeken of worden zij ingetrokken, want voor wie een plek heeft, wordt "
            + "gepland",
        "confidential_write": "deze gegevens van deze zaak zijn niet van wie dit vraagt om te schrijven",
        "figures_role": "deze cijfers zijn voor de coördinatiedesk en voor bestuurders",
        "figures_table": "zo'n tabel met cijfers is er niet",
        "keys_role": "sleutels wisselt alleen het programma zelf",
        "legal_basis_withdraw":
            "er is geen grondslag die wie dit vraagt kan intrekken, of zij is al vanaf een eerdere dag ingetrokken",
        "not-granted": "dit is niet voor deze rol: docs/privacy.md zegt wie wat mag zien en doen",
        "retention_role": "wat hoe lang bewaard blijft, is aan het programma",
        "webhook_secret_role": "geheimen van webhooks bewaart alleen het programma",
    ]
}
