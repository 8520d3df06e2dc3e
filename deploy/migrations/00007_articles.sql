-- Knowledge articles, to be found while a call goes on: full text in French and
-- English, without regard to accents.

-- +goose Up

-- unaccent comes with PostgreSQL's own contrib modules and is trusted: the owner
-- of the database may make it. Where it is not installed, accents count.
-- +goose StatementBegin
DO $$
BEGIN
    CREATE EXTENSION IF NOT EXISTS unaccent;
EXCEPTION WHEN undefined_file OR feature_not_supported OR insufficient_privilege THEN
    RAISE NOTICE 'unaccent is not installed: accents count in searches';
END
$$;
-- +goose StatementEnd

-- linekeeper_fr and linekeeper_en stem words; linekeeper_words leaves them whole,
-- for a word of which only the beginning has been typed.
CREATE TEXT SEARCH CONFIGURATION linekeeper_fr (COPY = french);
CREATE TEXT SEARCH CONFIGURATION linekeeper_en (COPY = english);
CREATE TEXT SEARCH CONFIGURATION linekeeper_words (COPY = simple);

-- +goose StatementBegin
DO $$
BEGIN
    IF EXISTS (SELECT 1 FROM pg_ts_dict WHERE dictname = 'unaccent') THEN
        ALTER TEXT SEARCH CONFIGURATION linekeeper_fr ALTER MAPPING FOR hword, hword_part, word WITH unaccent, french_stem;
        ALTER TEXT SEARCH CONFIGURATION linekeeper_en ALTER MAPPING FOR hword, hword_part, word WITH unaccent, english_stem;
        ALTER TEXT SEARCH CONFIGURATION linekeeper_words ALTER MAPPING FOR hword, hword_part, word WITH unaccent, simple;
    END IF;
END
$$;
-- +goose StatementEnd

-- The articles in force, as the definitions have them: an apply replaces them all.
CREATE TABLE articles (
    id         text     NOT NULL CHECK (id <> ''),
    language   text     NOT NULL CHECK (language IN ('fr', 'en')),
    title      text     NOT NULL,
    keywords   text[]   NOT NULL,
    categories text[]   NOT NULL, -- of calls it is for
    queues     text[]   NOT NULL,
    body       text     NOT NULL, -- Markdown
    plain      text     NOT NULL, -- the body without its marks, for snippets
    -- Title weighs most (A), then keywords (B), then body (D).
    stems      tsvector NOT NULL,
    words      tsvector NOT NULL,
    PRIMARY KEY (id, language)
);

CREATE INDEX articles_by_stems ON articles USING gin (stems);
CREATE INDEX articles_by_words ON articles USING gin (words);

-- +goose Down
DROP TABLE articles;
DROP TEXT SEARCH CONFIGURATION linekeeper_words;
DROP TEXT SEARCH CONFIGURATION linekeeper_en;
DROP TEXT SEARCH CONFIGURATION linekeeper_fr;
