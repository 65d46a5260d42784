"""The sentences of the People page, each once and whole."""

from core.domain.reasons import Reason


class PeopleText(Reason):
    """What the page says, as Markdown."""

    NO_SIGN_IN = (
        "no_sign_in",
        "Nobody signs in at this desk: it serves this machine only. To let others in, configure sign-in as README shows.",
    )
    COUNT = "count", {"one": "{count} person", "other": "{count:,} people"}
    BY_SETTING = "by_setting", "{setting}: {entry}"
    INVITED = "invited", "Invited by {who} on {day}"
    SETTINGS_STAND = (
        "settings_stand",
        "A role that comes from a setting can be raised here, not lowered or removed: change the setting and restart.",
    )
    INVITED_DONE = "invited_done", "Invited as {role}. Tell them: no mail is sent."
    CHANGED_DONE = "changed_done", "The role is {role} now"
    REMOVED_DONE = "removed_done", "Removed"
    ENDED_DONE = "ended_done", "All their sessions are ended"
    FROM_TO = "from_to", "{before} → {after}"
    REMOVING = (
        "removing",
        "They lose every right at once, in open pages too. What they did stays in the history under their name.",
    )
    ENDING = (
        "ending",
        "They have to sign in again everywhere. To keep somebody out, remove them, and lock the account at its provider.",
    )
    OWN = "own", "This is you: another admin can lower or remove you."
