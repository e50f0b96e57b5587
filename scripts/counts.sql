SELECT table_schema || '.' || table_name || ' ' ||
    (xpath('/row/count/text()', query_to_xml(format('SELECT count(*) FROM %I.%I', table_schema, table_name), false, true, '')))[1]
FROM information_schema.tables
WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')
    AND (table_schema, table_name) <> ('access', 'signing_key')
    -- What is unlogged is in no backup, and no replica has it to count.
    AND (SELECT relpersistence = 'p' FROM pg_class WHERE oid = format('%I.%I', table_schema, table_name)::regclass)
ORDER BY table_schema COLLATE "C", table_name COLLATE "C";
