"""The nouns of the desk, one a file."""

from app.models.account import AccountLink, LinkKind, SecondFactor
from app.models.answer_template import AnswerTemplate
from app.models.bouncing import BouncingAddress
from app.models.bulk_act import BulkAct, BulkKind, BulkRow
from app.models.calendar import CalendarChange, CalendarRecord, CalendarVersion
from app.models.call_draft import CallDraft
from app.models.chat import BotMessage, BotUpdate, Chat, ChatTicket
from app.models.client_change import ChangeKind, ClientChange
from app.models.company import Company, CompanyDomain, Contract
from app.models.complaint import Complaint, ComplaintEntry, ComplaintFile
from app.models.contact_code import ContactCode
from app.models.csv_import import CsvImport, ImportStage
from app.models.delivery import Delivery
from app.models.duty import DutyAbsence, DutyChange, DutyChangeKind, DutyNote, DutyRole, DutyShift
from app.models.escalation import Escalation, EscalationAct, ThresholdChange
from app.models.event import Event
from app.models.incident import Incident, IncidentTicket
from app.models.letter import Letter, Mailbox
from app.models.mail_template import MailTemplate
from app.models.message import Attachment, Message, Upload
from app.models.page import Page
from app.models.person import Person
from app.models.person_data import Erasure, PersonExport
from app.models.promise import Holding, Promise
from app.models.rating import Rating
from app.models.read_mark import ReadMark
from app.models.reply_draft import ReplyDraft
from app.models.running import Answered, Heartbeat, NumberSeries, Sweep
from app.models.saved_view import SavedView
from app.models.search import SearchDocument, SearchMark, SearchWord
from app.models.staff import Staff, StaffSession, Token
from app.models.ticket import Ticket
from app.models.words import (
    ActorKind,
    Cause,
    Channel,
    ComplaintEntryKind,
    ComplaintOrigin,
    ComplaintState,
    DeliveryChannel,
    DeliveryState,
    EventKind,
    Handling,
    Holder,
    LetterKind,
    LetterState,
    MessageKind,
    Notify,
    PromiseKind,
    Role,
    State,
    Urgency,
    UrgentClock,
)

__all__ = [
    "AccountLink",
    "ActorKind",
    "AnswerTemplate",
    "Answered",
    "Attachment",
    "BotMessage",
    "BotUpdate",
    "BouncingAddress",
    "BulkAct",
    "BulkKind",
    "BulkRow",
    "CalendarChange",
    "CalendarRecord",
    "CalendarVersion",
    "CallDraft",
    "Cause",
    "ChangeKind",
    "Channel",
    "Chat",
    "ChatTicket",
    "ClientChange",
    "Company",
    "CompanyDomain",
    "Complaint",
    "ComplaintEntry",
    "ComplaintEntryKind",
    "ComplaintFile",
    "ComplaintOrigin",
    "ComplaintState",
    "ContactCode",
    "Contract",
    "CsvImport",
    "Delivery",
    "DeliveryChannel",
    "DeliveryState",
    "DutyAbsence",
    "DutyChange",
    "DutyChangeKind",
    "DutyNote",
    "DutyRole",
    "DutyShift",
    "Erasure",
    "Escalation",
    "EscalationAct",
    "Event",
    "EventKind",
    "Handling",
    "Heartbeat",
    "Holder",
    "Holding",
    "ImportStage",
    "Incident",
    "IncidentTicket",
    "Letter",
    "LetterKind",
    "LetterState",
    "LinkKind",
    "MailTemplate",
    "Mailbox",
    "Message",
    "MessageKind",
    "Notify",
    "NumberSeries",
    "Page",
    "Person",
    "PersonExport",
    "Promise",
    "PromiseKind",
    "Rating",
    "ReadMark",
    "ReplyDraft",
    "Role",
    "SavedView",
    "SearchDocument",
    "SearchMark",
    "SearchWord",
    "SecondFactor",
    "Staff",
    "StaffSession",
    "State",
    "Sweep",
    "ThresholdChange",
    "Ticket",
    "Token",
    "Upload",
    "Urgency",
    "UrgentClock",
]
