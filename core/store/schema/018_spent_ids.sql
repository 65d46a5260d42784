-- Up to which id rows were taken out for good, by the column that has them: none of these ids is given again.
CREATE TABLE spent_id (
    of_table  VARCHAR NOT NULL,
    of_column VARCHAR NOT NULL,
    last_id   BIGINT NOT NULL
);
