"""What other rooms and the doors ask of programmes and applications: the room's only face.

The verbs stand in files of their own: programmes and budgets in `funding`, the applicant's side in `applying`, the
clerk's in `reviewing`, awards in order of receipt in `allocating`, reminders of time in `ending`.
"""

from chalicelib.programmes.allocating import allocate as allocate
from chalicelib.programmes.allocating import arrived as arrived
from chalicelib.programmes.allocating import ask_for_runs as ask_for_runs
from chalicelib.programmes.allocating import follow_money as follow_money
from chalicelib.programmes.applying import add_document as add_document
from chalicelib.programmes.applying import answer as answer
from chalicelib.programmes.applying import application as application
from chalicelib.programmes.applying import applications_of as applications_of
from chalicelib.programmes.applying import ask_reconsideration as ask_reconsideration
from chalicelib.programmes.applying import conditions_of as conditions_of
from chalicelib.programmes.applying import discard as discard
from chalicelib.programmes.applying import document_arrived as document_arrived
from chalicelib.programmes.applying import document_link as document_link
from chalicelib.programmes.applying import documents as documents
from chalicelib.programmes.applying import history as history
from chalicelib.programmes.applying import mine as mine
from chalicelib.programmes.applying import remove_document as remove_document
from chalicelib.programmes.applying import save_draft as save_draft
from chalicelib.programmes.applying import start as start
from chalicelib.programmes.applying import submit as submit
from chalicelib.programmes.applying import under_rules as under_rules
from chalicelib.programmes.applying import withdraw as withdraw
from chalicelib.programmes.ending import end_reminders as end_reminders
from chalicelib.programmes.ending import expire_grants as expire_grants
from chalicelib.programmes.ending import follow_all as follow_all
from chalicelib.programmes.ending import stop_for_the_dead as stop_for_the_dead
from chalicelib.programmes.funding import amend as amend
from chalicelib.programmes.funding import budget as budget
from chalicelib.programmes.funding import budget_changes as budget_changes
from chalicelib.programmes.funding import create as create
from chalicelib.programmes.funding import follow as follow
from chalicelib.programmes.funding import programme as programme
from chalicelib.programmes.funding import programme_key_of as programme_key_of
from chalicelib.programmes.funding import programmes as programmes
from chalicelib.programmes.funding import propose_budget as propose_budget
from chalicelib.programmes.funding import propose_carry_over as propose_carry_over
from chalicelib.programmes.funding import public_programme as public_programme
from chalicelib.programmes.funding import public_programmes as public_programmes
from chalicelib.programmes.funding import rules as rules
from chalicelib.programmes.funding import rules_versions as rules_versions
from chalicelib.programmes.funding import sign_budget as sign_budget
from chalicelib.programmes.funding import step as step
from chalicelib.programmes.funding import unsigned_budgets as unsigned_budgets
from chalicelib.programmes.reviewing import add_note as add_note
from chalicelib.programmes.reviewing import ask_again as ask_again
from chalicelib.programmes.reviewing import assign as assign
from chalicelib.programmes.reviewing import clarify as clarify
from chalicelib.programmes.reviewing import counts as counts
from chalicelib.programmes.reviewing import decide as decide
from chalicelib.programmes.reviewing import decide_many as decide_many
from chalicelib.programmes.reviewing import heard_of as heard_of
from chalicelib.programmes.reviewing import lapse as lapse
from chalicelib.programmes.reviewing import opening as opening
from chalicelib.programmes.reviewing import promote as promote
from chalicelib.programmes.reviewing import queue as queue
from chalicelib.programmes.topping_up import awarded as awarded
from chalicelib.programmes.topping_up import top_up as top_up
from chalicelib.programmes.trying import candidates as candidates
from chalicelib.programmes.trying import find_by_age as find_by_age
from chalicelib.programmes.trying import find_support as find_support
from chalicelib.programmes.trying import pre_check as pre_check
from chalicelib.programmes.trying import preview as preview
