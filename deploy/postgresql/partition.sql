-- Cuts the largest tables of a record into parts: claims and findings by event, what claims were before by claim.
--
--     psql --single-transaction --set ON_ERROR_STOP=1 --file deploy/postgresql/partition.sql "$DATABASE_URL"
--
-- Run it while nothing serves or loads, with as much free disk as these tables take; once. docs/scaling.md says what it
-- gives, what it costs and when. A part is a table by itself: it is vacuumed, moved to another disk and indexed anew alone.

DO $partition$
DECLARE
    parts constant integer := 16;
    one record;
    found record;
    statements text[];
    statement text;
BEGIN
    FOR one IN
        SELECT * FROM (VALUES
            ('claim', 'event_id', 'id'),
            ('finding', 'event_id', 'id'),
            ('claim_revision', 'claim_id', 'id')
        ) AS listed (name, by_column, key)
    LOOP
        EXECUTE format('LOCK TABLE %I', one.name);
        statements := '{}';

        -- What is said of the table is said again of its parts; a key or a unique index has to hold what parts are told by.
        FOR found IN
            SELECT indexdef, indisunique, indisprimary, relname,
                   NOT EXISTS (
                       SELECT FROM pg_attribute
                       WHERE attrelid = indrelid AND attnum = ANY (indkey) AND attname = one.by_column
                   ) AS lacks_it
            FROM pg_index
            JOIN pg_class ON pg_class.oid = indexrelid
            JOIN pg_indexes ON indexname = relname AND schemaname = current_schema()
            WHERE indrelid = one.name::regclass
        LOOP
            IF NOT found.indisprimary THEN
                IF found.indisunique AND found.lacks_it THEN
                    found.indexdef := replace(found.indexdef, 'CREATE UNIQUE INDEX', 'CREATE INDEX');
                END IF;
                statements := statements || found.indexdef;
            END IF;
        END LOOP;
        statements := statements || format('ALTER TABLE %I ADD PRIMARY KEY (%I, %I)', one.name, one.key, one.by_column);
        FOR found IN
            SELECT pg_get_constraintdef(oid) AS said FROM pg_constraint
            WHERE conrelid = one.name::regclass AND contype = 'f' AND confrelid <> 'claim'::regclass
        LOOP
            statements := statements || format('ALTER TABLE %I ADD %s', one.name, found.said);
        END LOOP;

        -- Nothing can refer to an id that is unique with the event alone. Whoever writes keeps these ends together.
        FOR found IN
            SELECT conrelid::regclass AS other, conname FROM pg_constraint
            WHERE confrelid = one.name::regclass AND contype = 'f'
        LOOP
            EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', found.other, found.conname);
        END LOOP;

        EXECUTE format('ALTER TABLE %I RENAME TO whole', one.name);
        EXECUTE format(
            'CREATE TABLE %I (LIKE whole INCLUDING DEFAULTS INCLUDING COMMENTS INCLUDING STORAGE) PARTITION BY HASH (%I)',
            one.name, one.by_column
        );
        FOR part IN 0 .. parts - 1 LOOP
            EXECUTE format(
                'CREATE TABLE %I PARTITION OF %I FOR VALUES WITH (MODULUS %s, REMAINDER %s)',
                one.name || '_part_' || to_char(part, 'FM00'), one.name, parts, part
            );
        END LOOP;
        EXECUTE format('INSERT INTO %I SELECT * FROM whole', one.name);

        -- Numbers go on from where they were.
        FOR found IN
            SELECT pg_get_serial_sequence('whole', attname) AS sequence, attname FROM pg_attribute
            WHERE attrelid = 'whole'::regclass AND attnum > 0 AND NOT attisdropped
        LOOP
            IF found.sequence IS NOT NULL THEN
                EXECUTE format('ALTER SEQUENCE %s OWNED BY %I.%I', found.sequence, one.name, found.attname);
            END IF;
        END LOOP;
        DROP TABLE whole;
        FOREACH statement IN ARRAY statements LOOP
            EXECUTE statement;
        END LOOP;
        EXECUTE format('ANALYZE %I', one.name);
    END LOOP;
END
$partition$;

-- An id is a claim's whatever its event: what an index over all parts would refuse, this does.
CREATE FUNCTION claim_id_is_new() RETURNS trigger LANGUAGE plpgsql AS $check$
BEGIN
    IF EXISTS (SELECT FROM claim WHERE id = NEW.id) THEN
        RAISE unique_violation USING MESSAGE = format('there is a claim %s already', NEW.id), TABLE = 'claim';
    END IF;
    RETURN NEW;
END
$check$;

CREATE TRIGGER claim_id_is_new BEFORE INSERT ON claim FOR EACH ROW EXECUTE FUNCTION claim_id_is_new();
