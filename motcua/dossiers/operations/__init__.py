"""Writing dossiers, in the order of a dossier's life:

    drafts       what was typed so far, field by field
    intake       submit, accept, refuse
    processing   assign, forward, send_back
    consultation consult, answer
    supplement   request_supplement, receive_supplement
    pauses       suspend, resume, extend
    decision     propose, approve, issue
    handover     return_result
    ending       withdraw, stop
    correction   correct
    papers       issue and reprint statutory papers
    attachments  files on a dossier

Every operation has the same body (`acts`): claim the key, lock, permit, work out, move, save, record, tell.
"""
