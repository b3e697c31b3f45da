"""A page in four phases: observe → propose → apply → finalize. The whole of it on one screen.

Each phase takes what the one before made and nothing else, so none can act out of its turn.
"""

from apps.delivery import assets, context, replies
from apps.delivery.observation import Observation, observe
from apps.delivery.replies import Reply
from apps.delivery.requests import PageRequest
from apps.delivery.served import Served
from apps.delivery.traces import Trace
from apps.extensions import plugins, themes
from apps.extensions.acceptance import Accepted, Dropped
from apps.extensions.proposals import Header
from apps.extensions.themes import Draft

RESOLVED = "content.resolved"
NOT_FOUND = "There is no page at this address. It may have moved, or never have been here."


def deliver(request: PageRequest, served: Served, trace: Trace) -> Reply:
    """Raises CommitMoved when the site moved on meanwhile; the caller takes the new one."""
    observation = observe(request, served.observing)
    if reply := _without_theme(observation, served):
        return reply
    accepted = propose(observation, served, trace)
    draft = apply(observation, accepted, served, trace)
    return finalize(draft, accepted)


def propose(observation: Observation, served: Served, trace: Trace) -> Accepted:
    """Asks the subscribed plugins, all at once; the theme's manifest says what may stay."""
    found = observation.found
    subscribers = served.registry.subscribers(RESOLVED)
    if found is None or found.match is None or found.document is None or not subscribers:
        return Accepted()
    names = served.observing.headers
    event = context.event(observation.request, found, served.context, served.routes, names)
    outcome = plugins.propose(subscribers, RESOLVED, event, found.match.theme.accept)
    for failure in outcome.failures:
        trace.failure(failure.plugin, failure.reason)
    _note_dropped(outcome.dropped, trace)
    return outcome.accepted


def apply(observation: Observation, accepted: Accepted, served: Served, trace: Trace) -> Draft:
    """The theme writes the page. Raises ThemeFault when it cannot."""
    found = observation.found
    if found is None or found.match is None:
        error = context.PageError(404, "Page not found", NOT_FOUND, observation.request.id)
        return error_draft(error, observation.request, served)
    metadata = accepted.metadata_values()
    values = context.template_context(found, served.context, served.routes, metadata)
    theme, route = found.match.theme, found.match.route
    draft = themes.apply(theme, route, values, body=found.body, accepted=accepted)
    _note_dropped(draft.dropped, trace)
    return draft


def finalize(draft: Draft, accepted: Accepted) -> Reply:
    """Bytes and headers; what plugins may set comes after what must be there."""
    reply = replies.page(draft.status, draft.text.encode(), draft.content_type)
    headers = [each.proposal for each in accepted.headers if isinstance(each.proposal, Header)]
    return replies.with_proposed(reply, [(h.op, h.name, h.value) for h in headers])


def error_draft(error: context.PageError, request: PageRequest, served: Served) -> Draft:
    """The theme's own page for an error, or the plainest. Raises ThemeFault."""
    theme = served.routes.theme_for(request.path)
    values = context.error_context(error, served.context, theme.settings)
    plainest = replies.last_resort(error.status, error.title, error.message, error.request_id)
    return themes.error_page(theme, error.status, values) or Draft(
        error.status, plainest, replies.HTML
    )


def _without_theme(observation: Observation, served: Served) -> Reply | None:
    """Redirects and files need nobody to propose or to write."""
    found = observation.found
    if found and found.redirect:
        return replies.redirect(found.redirect, observation.request.query)
    if found and found.asset:
        return assets.file_reply(observation.request, served.files, *found.asset)
    return None


def _note_dropped(dropped: tuple[Dropped, ...], trace: Trace) -> None:
    for each in dropped:
        trace.note(each.by, "dropped", each.reason)
