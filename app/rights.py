"""The rights table: every endpoint and the act it lets somebody do. A route that is missing here fails the start."""

from __future__ import annotations

from app.policy import Act

_TABLE: dict[Act, str] = {
    Act.PUBLIC: """
        static
        requests.new requests.create
        status.show status.link
        uploads.create
        sessions.login sessions.create sessions.logout
        dev_mail.index dev_mail.show dev_mail.html
        contact.show contact.ask contact.code contact.sign_in contact.sign_out contact.read
        accounts.ask accounts.mail accounts.show accounts.set_password
        head.ask head.call
        memo.memo memo.privacy
    """,
    Act.LINK: """
        requests.again requests.accepted
        ticket_link.show ticket_link.standing ticket_link.thread ticket_link.answer ticket_link.reopen
        ticket_link.rate ticket_link.complain ticket_link.urgency ticket_link.declare_urgent
        ratings.show ratings.rate
        files.customers
        downloads.show
        pages.show pages.acknowledge
        pairing.show pairing.disconnect
        head.ask_about head.call_about head.show head.standing head.say
    """,
    Act.MACHINE: """
        telegram.updates
        health.alive health.ready health.figures
    """,
    Act.WORK: """
        files.show
        sessions.still
        queue.index queue.rows queue.row queue.counts queue.take queue_csv.show
        incidents.index incidents.create incidents.show incidents.add incidents.remove incidents.answer incidents.close
        bulk.pick bulk.show bulk.perform bulk.go_on bulk.undo
        queue_views.narrow queue_views.save queue_views.rename queue_views.replace queue_views.remove
        search.show
        answer_templates.index answer_templates.make answer_templates.edit answer_templates.change
        answer_templates.put_away answer_templates.bring_back answer_templates.text
        nearest.take nearest.skip reply_drafts.keep
        presence.index presence.show presence.note
        palette.show
        tickets.show tickets.standing tickets.promise tickets.talk tickets.past similar.show similar.done
        ticket_work.hand_over ticket_merge.choose ticket_merge.merge ticket_merge.split
        ticket_work.take ticket_work.release ticket_work.assign ticket_work.hold ticket_work.urgency ticket_work.move
        ticket_person.confirm_phone ticket_person.disconnect ticket_person.take_over ticket_person.forgive
        ticket_talk.reply ticket_talk.recall ticket_talk.admit ticket_talk.solve ticket_talk.reopen ticket_talk.tell
        live.stream
        calls.new calls.create calls.registered
        call_drafts.keep call_drafts.remove call_drafts.add
        letter_view.html letter_view.pictures letter_view.original
        api.make_ticket api.list_tickets api.read_ticket api.make_message api.assign api.solve api.reopen
        api.set_urgency api.move_deadline api.hold api.make_escalation api.list_people api.make_person api.read_person
        api.change_person api.describe
        security.show security.change_password security.begin security.confirm security.turn_off security.end
        me.telegram me.ratings me.wish me.disconnect
        duty.index duty.hand_over duty.read_note
    """,
    Act.MANAGE: """
        escalations.index escalations.rows escalations.show escalations.acknowledge escalations.resolve
        escalations.side escalations.put_back
        escalation_acts.take escalation_acts.choose escalation_acts.assign escalation_acts.call
        escalation_log.index
        thresholds.index thresholds.change
        companies.index companies.new companies.create companies.show companies.edit companies.change
        companies.archive companies.restore
        contracts.new contracts.create contracts.edit contracts.change
        corrections.of_company corrections.correct_company corrections.by_calendar corrections.correct_calendar
        calendars.index calendars.show calendars.export
        calendar_files.create calendar_files.load
        calendar_edits.week calendar_edits.set_week calendar_edits.days calendar_edits.set_days calendar_edits.restore
        calendar_edits.compare calendar_edits.take_year
        people.index people.new people.create people.show people.edit people.change people.archive people.restore
        imports.index imports.create imports.show imports.proceed imports.write imports.bad imports.sample
        merges.choose_company merges.merge_company merges.choose_person merges.merge_person merges.undo
        reports.index reports.table reports.requests reports.csv
        letters.index letters.original letters.make_request letters.try_again letters.try_all_again letters.discard
        mail_templates.index mail_templates.edit mail_templates.save mail_templates.restore mail_templates.shown
        mail_templates.preview mail_templates.send
        api.list_escalations api.list_letters api.report_promises api.list_companies api.make_company api.read_company
        api.change_company api.list_calendars api.read_calendar api.put_calendar
        duty.undo
        duty_shifts.new duty_shifts.create duty_shifts.edit duty_shifts.change duty_shifts.remove duty_shifts.swap
        duty_shifts.repeat
        duty_absences.new duty_absences.create duty_absences.edit duty_absences.change duty_absences.come_back
        complaints.index complaints.new complaints.create complaints.show complaints.of_escalation complaints.assign
        complaints.write
        complaints.answer complaints.close complaints.file
    """,
    Act.ADMINISTER: """
        staff.index staff.invite staff.show staff.change staff.disable staff.bring_back staff.mail_link
        staff.forget_factor
        settings.index tokens.index tokens.create tokens.revoke
        person_data.show person_data.standing person_data.export person_data.fetch person_data.erase
    """,
}
RIGHTS: dict[str, Act] = {endpoint: act for act, endpoints in _TABLE.items() for endpoint in endpoints.split()}
if len(RIGHTS) != sum(len(endpoints.split()) for endpoints in _TABLE.values()):
    raise ValueError("app/rights.py: an endpoint stands in it twice")
