"""Which roles may call which endpoint of core: a part of the table in `access_matrix`, and made as that is."""

from typing import Final

OF_CORE: Final = """
static                    *
home.start                A H S W O D G V U
home.overview             A H S W O D
home.health               *
language.choose           *
security.login            *
security.logout           A H S W O D G V U
security.verify           A H S W O D G V U
security.change_password  A H S W O D G V U
security.two_factor_setup A H S W O D G V U
security.two_factor_setup_validate A H S W O D G V U
security.two_factor_token_validation *
security.two_factor_rescue *
security.mf_recovery      *
security.mf_recovery_codes A H S W O D G V U
security.wan_signin       *
security.wan_signin_response *
security.wan_register     A H S W O D G V U
security.wan_register_response A H S W O D G V U
security.wan_delete       A H S W O D G V U
security.wan_verify       A H S W O D G V U
security.wan_verify_response A H S W O D G V U
account.factors           A H S W O D G V U
account.end_session       A H S W O D G V U
account.end_all           A H S W O D G V U
account.accept            *
accounts.listed           A H
accounts.new              A H
accounts.page             A H
accounts.change           A H
accounts.invite_again     A H
accounts.shut_out         A H
accounts.let_in           A H
accounts.reset_second_factor A H
timetable.current         A H S W O D G V U
timetable.of_term         A H S W O D G V U
sessions.page             A H S W O D G V U
sessions.entry            A H S W O D G V U
notices.mine              A H S W O D G V U
notices.of_volunteer        H S   O
notices.listed              H S   O
notices.preview             H S   O
notices.again               H S   O
notices.called              H S   O
public.notice             *
shown_hours.listed        *
shown_hours.object_to     *
duties.mine                             V
duties.subscribe                        V
duties.unsubscribe                      V
availability.mine                       V
availability.my_calendars               V
availability.of_volunteer   H S   O
availability.calendars_of_volunteer H S O
shared_rooms.listed       A H S W O D
shared_rooms.page         A H S W O D
shared_rooms.change       A H S W O
taking.answer             V
taking.unchanged          V
taking.offer_duty         V
taking.cancel             V
taking.swap               V
taking.places             V
taking.join               V
replies.page              *
replies.answer            *
replies.unchanged         *
asking.listed             A H O
asking.of_session         A H O
asking.ask                A H O
asking.instead            A H O
asking.cancel             A H O
asking.withdraw           A H O
asking.decide_swap        A H O
asking.of_plan            A H O
asking.rules              A H O
reply_links.page          H S O
reply_links.make          H S O
reply_links.revoke        H S O
campaigns.listed          A H O
campaigns.new             A H O
campaigns.page            A H O
campaigns.remind          A H O
campaigns.close           A H O
feeds.calendar            *
feeds.listed              A H S W O
feeds.unseen              A H S W O
feeds.called              A H S W O
feeds.family_called       A H S W O
feeds.open_address        A H S W O
feeds.revoke              A H S W O
plans.listed              A H S W O D
plans.page                A H S W O D
plans.compare             A H     O
plans.publish             A H     O
runs.ask                  A H     O
runs.page                 A H S W O D
runs.cancel               A H     O
pins.new                  A H     O
pins.remove               A H     O
calendar.overview         A H S W O D
calendar.consider         A H S W O
calendar.close            A H S W O
calendar.reopen           A H S W O
calendar.enter_year       A H     O
activities.listed         A H S W O D
activities.choose         A H     O
activities.new            A H     O
activities.edit           A H     O
activities.feasible       A H     O
batches.chosen            A H     O
children.listed           A H S W   D G
children.page             A H S W   D G
children.new                H S W   D
children.edit               H S W   D
children.show             A H S W   D G
child_parts.new_guardian    H S W   D
child_parts.guardian        H S W   D
child_parts.drop_guardian   H S W   D
child_parts.new_pick_up     H S W   D
child_parts.drop_pick_up    H S W   D
child_parts.new_category    H S W   D
child_parts.finish_category  H S W   D
child_parts.proof         A H S W   D G
child_parts.new_visit       H S W   D G
child_turns.due             H S W   D G
child_turns.intervals       H S
child_turns.move            H S
child_turns.go              H S W   D
child_turns.back            H S W   D
child_turns.adults          H S W   D
child_turns.merge           H S
child_turns.unmerge         H S
child_trade.take_in         H S W   D
child_trade.template        H S W   D
child_trade.give_out        H S
joining.ask               A H S W   D G
places.of_term              H S   O
places.decide               H S   O
places.draw                 H S   O
places.ask                  H S   O
places.page                 H S   O
places.cancel               H S   O
places.publish              H S   O
places.compared             H S   O
places.take_out             H
registration.desk           H S W   D
registration.give           H S W   D
registration.slip           H S W   D
registration.take_back      H S W   D
registration.new_child      H S W   D
registration.overview     A H S W O D
registration.listed         H S W   D
registration.change         H S W   D
registration.leave          H S W   D
registration.intake         H S   O
registration.drop           H S   O
registration.term           H S   O
registration.small          H S   O
registration.decide         H S   O
registration.clashes        H S W   D
registration.to_be_told     H S W   D
registration.sizes        A H     O
registration.school_class   H S W   D
registration.take_in        H S W   D
registration.empty_workbook   H S W   D
wishes.of_child               H S W   D
wishes.together               H S W   D
wishes.of_term                H S W   D
consents.due                H S W   D
consents.of_child           H S W   D
consents.give               H S W   D
consents.note_duty          H S W   D
consents.withdraw           H S W   D
consents.paper              H S W   D
consent_scans.add           H S W   D
consent_scans.read          H S W   D
consent_scans.drop          H S W   D
consent_texts.listed      A H
consent_texts.new         A H
consents.decide_access      H
consents.make_link          H S W   D
consents.renew_code         H S W   D
consents.revoke_link        H S W   D
guardians.page            *
guardians.enter           *
guardians.consent         *
guardians.give            *
guardians.withdraw        *
guardians.open_calendar   *
guardians.calendar        *
guardians.wishes          *
guardians.save_wishes     *
attendance.sheet            H S W O D
attendance.note             H S W O D
reports.page              A H S W O         U
programs.listed           A H S W O D
programs.switch           A H
grants.mine                 H S W   D
grants.ask                  H S W   D
grants.ask_for_child        H S W   D
grants.give_back            H S W   D
grants.break_glass          H S W   D
grants.desk               A H
grants.approve            A H
grants.refuse             A H
grants.acknowledge        A H
grants.end                A H
sealing.listed              H
sealing.file                H
sealing.seal                H
sealing.unseal              H
requests.listed             H S
requests.new                H S
requests.page               H S
requests.copy_pdf           H
requests.copy_json          H
requests.close              H S
requests.refuse             H S
requests.erase              H
requests.lift               H
harm.calls                A H S W O D G V U
harm.calls_for_child      A H S W O D G V U
harm.receipt              A H S W O D G V U
harm.register               H               U
harm.contacts             A H
harm.drop_contact         A H
retention.listed            H
retention.years             H
retention.keep              H
compliance.page           A H               U
compliance.download       A H               U
incidents.listed          A H
audit.entries               H               U
audit.export                H               U
audit.chain                 H               U
public.apply              *
public.applied            *
volunteers.listed         A H S W O
volunteers.checks         A H S W O
volunteers.page           A H S W O
volunteers.new              H S   O
volunteers.edit             H S   O
volunteers.step             H S   O
volunteers.accept           H S
volunteers.check            H S
skills.add                H S   O
skills.remove             H S   O
skills.proof                H S   O
skills.trainings          A H S W O
skills.training           H S   O
skills.mark               H S   O
skills.completed          H S   O
door.sheet                  H S W O D
door.enter                  H S W O D
door.correct                H S W O D
door.begin                  H S W O D
door_children.listed        H S W O D
door_children.came          H S W O D
door_children.collectors    H S W O D
door_children.hand_over     H S W O D
roster.paper                H S W O D
roster.entry                H S W O D
roster.enter                H S W O D
door.leave_or_stay          H S W O D
arriving.screen              H S W O D
arriving.page              V
arriving.note              V
hours.mine                V
hours.object_to           V
hours.listed                H S   O
hours.of_session            H S   O
hours.book                  H S   O
hours.of_volunteer          H S   O
hours.correct               H S   O
hours.answer                H S   O
hours.export                H S   O
hours.loads                 H S   O
hours.thank                 H S   O
certificates.issue_own    V
certificates.own_paper    V
certificates.issue          H S   O
certificates.paper          H S   O
certificates.revoke         H S   O
certificates.verify       *
"""
