-- How far an investigation is is for who may know where it is: runs that are kept told it with their reasons.
UPDATE proposal_reason SET detail =
    regexp_replace(detail, 'more than \d+ minutes from the investigation', 'too far from the investigation')
WHERE detail ~ 'more than \d+ minutes from the investigation';
