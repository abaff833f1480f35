"""Campaigns: volunteers are asked together when they can serve, and who has answered shows.

A campaign only asks and follows up. Whatever saves somebody's availability calls
`core.services.campaign_answers.note_availability_answer(session, clock, volunteer_id)` in its transaction, changed
or not.
"""
