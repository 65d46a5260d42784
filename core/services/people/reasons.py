"""Why a change of people is refused."""

from core.domain.reasons import Reason


class PeopleFault(Reason):
    """What is wrong with a change of people, and what to do instead."""

    NO_EMAIL = (
        "no_email",
        "{text} is no e-mail address that people can sign in with. Write one such as ada@shop.example, in Latin letters only.",
    )
    THERE = "there", "{email} is there already, as {role}. Change the role instead."
    NOT_THERE = "not_there", "{email} was not invited here. Invite them first."
    BY_SETTING = (
        "by_setting",
        {
            "already": "{email} is {role} already, by {setting} ({entry}).",
            "lower": "{email} is {role} by {setting} ({entry}), so a lower role has no effect here. Change the setting and restart.",
            "remove": "{email} is {role} by {setting} ({entry}) and cannot be removed here. Change the setting and restart.",
        },
    )
    OWN_ROLE = "own_role", "You cannot take away your own admin role. Another admin can."
    LAST_ADMIN = "last_admin", "{email} is the last admin. Make somebody else an admin first."
    ROLE_CHANGED_SINCE = (
        "role_changed_since",
        "The role of {email} was changed by somebody else meanwhile. Look again, then decide.",
    )
