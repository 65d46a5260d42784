"""Why a change of people, or of what they saved for themselves, is refused."""

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


class ViewFault(Reason):
    """What is wrong with a saved view, and what to do instead."""

    NO_NAME = "no_name", "A view needs a name. Type one such as Late in Seoul."
    SAME_NAME = "same_name", "You have a view called {name} already. Choose another name."
    TOO_LONG = "too_long", "This view has too many filters to be kept. Take some away and save it again."
    TOO_MANY = "too_many", "You have {most} views, and no more are kept. Remove one first."
    NOT_THERE = "not_there", "This view is not there any more. Somebody removed it meanwhile."
    OF_ANOTHER = "of_another", "This view belongs to {owner}. Only they, or an admin, can change it."
