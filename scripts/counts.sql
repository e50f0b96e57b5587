SELECT table_schema || '.' || table_name || ' ' ||
    (xpath('/row/count/text()', query_to_xml(format('SELECT count(*) FROM %I.%I', table_schema, table_name), false, true, '')))[1]
FROM information_schema.tables
WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')
    AND (table_schema, table_name) <> ('access', 'signing_key')
ORDER BY table_schema COLLATE "C", table_name COLLATE "C";
