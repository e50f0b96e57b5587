extension ConstraintSentence {
    /// What the guards of coverage, disclosure, the confidential and the audit trail say.
    static let privacy: [String: String] = [
        // Coverage
        "coverage_actor": "who covers what is for the desk and the operator to say, an absence for the coordinator too",
        "coverage_ages": "the ages of a coverage are not from 0 to 150",
        "coverage_days": "a coverage has no days",
        "coverage_function": "what a coverage is for is none of care, outflow and youth",
        "coverage_key": "there is a coverage with that number already",
        "coverage_once": "the coordinator covers that region and function for some of these ages and days already",
        "coverage_region": "a coverage is of a region that the ledger does not have",
        "coordinator_absence_days": "an absence has no days",
        "coordinator_absence_once": "the coordinator is absent on some of these days already",
        "police_case_contact": "whom to call about a case is not said",
        "police_case_days": "a case of the police has no days",
        "police_case_once": "the case is theirs on some of these days already",
        "police_case_victim": "a case of the police is of a victim that the ledger does not have",

        // Who acts
        "actor_role_known": "a role is none of those that there are",
        "login_actor_key": "the login is an actor already",
        "login_actor_role": "a login cannot be the program itself: make it a member of onderdak_login",
        "pseudonym_key_key": "there is a key of pseudonyms already",
        "pseudonym_key_one_row": "there is one key of pseudonyms at most",
        "signing_key_key": "there is a signing key already",
        "signing_key_one_row": "there is one signing key at most",

        // Tokens
        "token_expiry": "a token expires before it is issued, or never",
        "token_hash": "there is that token already",
        "token_key": "there is a token with that number already",
        "token_role": "a token cannot be for the program itself",
        "token_scopes": "a token has no scopes",
        "token_use_key": "the use of that token is noted already",
        "token_use_token": "a use is of a token that the ledger does not have",

        // Disclosure
        "matrix_category": "a category of data is none of those that there are",
        "matrix_form": "a form of disclosure is none of those that there are",
        "matrix_key": "that cell of the matrix is there already",
        "matrix_relation": "what a case is to an actor is none of all, own, offered, placed and paying",
        "matrix_writes": "what is not seen in full cannot be written",
        "legal_basis_categories": "a legal basis is for no category of data, or for one that there is not",
        "legal_basis_consent": "a consent is of one victim: say whose",
        "legal_basis_covenant": "a covenant has an end: say until when",
        "legal_basis_days": "a legal basis has no first day, or no days",
        "legal_basis_key": "there is a legal basis with that number already",
        "legal_basis_kind": "a legal basis is none of consent, law and covenant",
        "legal_basis_once":
            "such a basis is on record for some of these days already: withdraw it first, or begin where it ends",
        "legal_basis_reference": "a legal basis refers to nothing: name the article, covenant or form",
        "legal_basis_victim": "a legal basis is about a victim that the ledger does not have",
        "legal_basis_withdrawn": "a legal basis is withdrawn on a day on which it did not hold",
        "break_glass_categories":
            "nothing that can be opened is named: identity, profile, avoid, phase, health, address",
        "break_glass_hours": "a case is opened for 1 to 24 hours",
        "break_glass_key": "there is an opened case with that number already",
        "break_glass_reason": "the reason says too little: at least ten characters",
        "break_glass_victim": "there is no victim of that identifier",

        // Webhooks
        "webhook_key": "there is a webhook with that identifier already",
        "webhook_owner": "no events are for that role",
        "webhook_url": "the address of a webhook is a URL without user, password and spaces, of at most 2000 bytes",
        "webhook_secret_key": "the webhook has a secret already",
        "webhook_secret_sealed": "a secret is not sealed",
        "webhook_secret_webhook": "a secret is of a webhook that there is not",
        "webhook_delivery_event": "a delivery is of an event that there is not",
        "webhook_delivery_finished": "a delivery that waits is not finished, any other is",
        "webhook_delivery_key": "there is a delivery with that number already",
        "webhook_delivery_once": "the event is put before that webhook already",
        "webhook_delivery_state": "a delivery is none of waiting, delivered, withheld and dead",
        "webhook_delivery_webhook": "a delivery is to a webhook that there is not",

        // The confidential
        "shelter_address_key": "the address of that shelter is there already",
        "shelter_address_sealed": "an address is not sealed",
        "shelter_address_shelter": "an address is of a shelter that the ledger does not have",
        "request_erased": "a request of that name was of a case that was erased, and does not come back under it",
        "victim_erased": "a case of that name was erased, and does not come back under it",
        "victim_field_category": "what is confidential is neither identity nor health",
        "victim_field_key": "the same actor has written that already",
        "victim_field_name": "a field's name is not of lower-case letters and hyphens, 40 at most",
        "victim_field_sealed": "a confidential text is not sealed",
        "victim_field_victim": "there is no victim of that identifier",

        // The trail
        "alarm_key": "there is an alarm with that number already",
        "alarm_kind": "an alarm is of no kind that there is",
        "alarm_seen": "an alarm was seen by somebody at some time, or by nobody",
        "entry_action": "an entry is about nothing that can be done",
        "entry_key": "there is an entry with that number already",
        "link_entry": "an entry has one place in the chain",
        "link_key": "there is an entry in that place of the chain already",
        "link_position": "a place in the chain is less than 1",
        "seal_entries": "a seal is of fewer than no entries",
        "seal_key": "there is a seal with that number already",
        "seal_number": "a seal's number is less than 1",

        // Retention
        "retention_rule_command": "what a key did is kept for 24 hours at least, so that who repeats it does it once",
        "retention_rule_keep": "nothing is kept for less than no time",
        "retention_rule_key": "there is a rule about that already",
        "retention_rule_subject": "a rule is about none of confidential, case, command and event",
    ]
}
