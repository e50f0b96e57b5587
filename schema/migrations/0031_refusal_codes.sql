-- Every refusal has a code, which docs/refusals.md lists. Guards refuse by their own name (refuse()); what functions refuse
-- for lack of a right, or because there is no such thing, gets one here, said as a constraint's name like that of a guard.

DO $$
DECLARE
    refusal record;
    written text;
    coded text;
BEGIN
    FOR refusal IN
        SELECT c.*, p.oid AS function
        FROM (VALUES
            ('access', 'become', 'who acts is said', 'acting_late'),
            ('access', 'become', 'this login is one', 'acting_fixed'),
            ('access', 'become', 'an actor has', 'acting_nobody'),
            ('audit', 'refuse_change', 'the audit trail', 'audit_append_only'),
            ('audit', 'see_alarm', 'alarms are', 'alarm_role'),
            ('audit', 'see_alarm', 'there is no open', 'alarm_open'),
            ('access', 'break_glass', 'vital interest', 'break_glass_role'),
            ('access', 'withdraw_basis', 'there is no such', 'legal_basis_withdraw'),
            ('confidential', 'write', 'this category', 'confidential_write'),
            ('confidential', 'write_address', 'a shelter', 'address_write'),
            ('confidential', 'sealed_otherwise', 'keys are', 'keys_role'),
            ('confidential', 'seal_anew', 'keys are', 'keys_role'),
            ('confidential', 'keep_webhook_secret', 'secrets of', 'webhook_secret_role'),
            ('access', 'erase_confidential', 'what is kept', 'retention_role'),
            ('access', 'erase_case', 'the new name', 'case_erase_name'),
            ('access', 'erase_case', 'this case', 'case_erase'),
            ('access', 'erase_case', 'there is no victim', 'case_none'),
            ('access', 'erase_case', 'the case is', 'case_under_way'),
            ('access', 'runs_naming', 'this case', 'case_erase'),
            ('access', 'blank_run', 'this case', 'case_erase'),
            ('access', 'export_case', 'this case', 'case_export'),
            ('public', 'figures', 'these figures', 'figures_role'),
            ('public', 'figures', 'there is no such', 'figures_table')
            ) AS c(schema, name, sentence, code)
        LEFT JOIN pg_proc AS p ON p.proname = c.name AND p.pronamespace::regnamespace::text = c.schema
    LOOP
        written := pg_get_functiondef(refusal.function);
        coded := regexp_replace(
            written, format('USING MESSAGE =(\s*''%s)', refusal.sentence),
            format('USING CONSTRAINT = ''%s'', MESSAGE =\1', refusal.code));
        IF coded IS NULL OR coded = written THEN
            RAISE EXCEPTION '%.% refuses nothing because "%"', refusal.schema, refusal.name, refusal.sentence;
        END IF;
        EXECUTE coded;
    END LOOP;
END
$$;
