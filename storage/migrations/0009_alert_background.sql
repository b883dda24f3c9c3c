-- What the user's trade register lists between an alert's parties (domain/alerting.py, PastDeals).
ALTER TABLE alerts ADD COLUMN background JSON;
