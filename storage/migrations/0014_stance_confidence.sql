-- How sure a reaction's stance is (0 to 1), given that the speaker reacts; what was read before was
-- told as certain.
ALTER TABLE reactions ADD COLUMN stance_confidence DOUBLE NOT NULL DEFAULT 1.0;
