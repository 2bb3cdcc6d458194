-- One line for each table: its name, how many rows it has, and what they hold, in whatever order they lie.
SET TIME ZONE 'UTC';
SET DateStyle = 'ISO, YMD';
SET IntervalStyle = 'postgres';
SET bytea_output = 'hex';
SET extra_float_digits = 1;
SELECT format(
    'SELECT %L, count(*), coalesce(sum(hashtextextended(r::text, 0)::numeric), 0) FROM public.%I AS r', relname, relname
) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY relname COLLATE "C" \gexec
