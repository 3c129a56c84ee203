-- Rows of the first version: a person, their request, letter, message, event and notice.
INSERT INTO people (id, name, email, position, language, is_confirmed, created_at)
    VALUES (1, 'Ольга', 'o@neva.example', '', 'ru', TRUE, '2026-11-25 10:00:00.000000');
INSERT INTO tickets (id, number, version, state, is_active, urgency, channel, holder, language, title, what, whose,
        "where", links, missing, applicant_name, applicant_email, applicant_phone, company_name, person_id,
        is_company_confirmed, is_address_confirmed, created_at, touched_at, reopened_count, alarms, link_version, search_text)
    VALUES (1, '482173', 1, 'new', TRUE, 'normal', 'email', 'queue', 'ru', 'Касса', 'Касса', '', '', '', '[]', 'Ольга',
        'o@neva.example', '', '', 1, FALSE, TRUE, '2026-11-25 10:00:00.000000', '2026-11-25 10:00:00.000000', 0, '{}', 1, '');
INSERT INTO letters (id, road, mailbox, raw, size, sha256, envelope_from, envelope_to, received_at, attempts, state,
        kind, signals, error, message_id, body_hash, from_email, from_name, subject, text, quoted, files, ticket_id)
    VALUES (1, 'pipe', '', '', 0, '', '', '[]', '2026-11-25 10:00:00.000000', 1, 'filed', 'human', '[]', '', '', '', '', '', '', '', '', '[]', 1);
INSERT INTO messages (id, ticket_id, kind, channel, author, person_id, letter_id, text, quoted, flags, at, visible_at)
    VALUES (1, 1, 'request', 'email', 'Ольга', 1, 1, 'Касса', '', '[]', '2026-11-25 10:00:00.000000', '2026-11-25 10:00:00.000000');
INSERT INTO events (id, ticket_id, kind, at, actor_kind, actor_name, message_id, data)
    VALUES (1, 1, 'registered', '2026-11-25 10:00:00.000000', 'customer', 'Ольга', 1, '{}');
INSERT INTO deliveries (id, event_id, ticket_id, notice, channel, recipient, is_for_customer, state, message_id,
        created_at, attempts, is_escalated, error)
    VALUES (1, 1, 1, 'registered', 'email', 'o@neva.example', TRUE, 'accepted', '<1@x>', '2026-11-25 10:00:00.000000', 1, FALSE, '');
