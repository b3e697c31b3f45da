"""A page in four phases: observe → propose → apply → finalize. The whole of it on one screen.

Each phase takes what the one before made and nothing else, so none can act out of its turn.
"""

from dataclasses import replace

from apps.delivery import assets, context, replies, xml
from apps.delivery.observation import Observation, observe
from apps.delivery.replies import Reply
from apps.delivery.requests import PageRequest
from apps.delivery.served import Served
from apps.delivery.traces import DROPPED, Trace
from apps.extensions import plugins, themes
from apps.extensions.acceptance import Accept, Accepted, Dropped, overridden
from apps.extensions.asking import Emission
from apps.extensions.plugins import Outcome
from apps.extensions.proposals import Header, Status
from apps.extensions.themes import Draft

RECEIVED, RESOLVED, PREPARED = "request.received", "content.resolved", "response.prepared"
NO_RENDITION = "There is no such picture.\n"
NOT_FOUND = "There is no page at this address. It may have moved, or never have been here."


def deliver(request: PageRequest, served: Served, trace: Trace) -> Reply:
    """Raises CommitMoved when the site moved on meanwhile; the caller takes the new one."""
    return written(observe(request, served.observing), served, trace)


def written(observation: Observation, served: Served, trace: Trace) -> Reply:
    """The reply to what was observed."""
    if reply := without_theme(observation, served):
        return reply
    accepted = propose(observation, served, trace)
    draft = apply(observation, accepted, served, trace)
    return finalize(draft, accepted, observation, served, trace)


def propose(observation: Observation, served: Served, trace: Trace) -> Accepted:
    """Asks the subscribed plugins, all at once; the theme's manifest says what may stay.

    What is known before the template is told in one round trip: the request and the document.
    """
    topics = (RECEIVED, RESOLVED) if observation.document else (RECEIVED,)
    subscribers = served.registry.subscribers(*topics)
    if not subscribers:
        return Accepted()
    event = context.event(observation, served.context, served.routes, served.observing.headers)
    received = {name: section for name, section in event.items() if name != "content"}
    emissions = [Emission(topic, event if topic == RESOLVED else received) for topic in topics]
    rules = _theme_rules(observation, served)
    ask = plugins.propose(subscribers, emissions, rules, served.containment, observation.request.id)
    return _noted(ask, trace).accepted


def apply(observation: Observation, accepted: Accepted, served: Served, trace: Trace) -> Draft:
    """The theme writes the page. Raises ThemeFault when it cannot."""
    found = observation.found
    if found is None or found.match is None:
        error = context.PageError(404, "Page not found", NOT_FOUND)
        draft = error_draft(error, observation.request, served, accepted)
    else:
        metadata = accepted.metadata_values()
        values = context.template_context(found, served.context, served.routes, metadata)
        draft = themes.apply(
            found.match.theme,
            found.match.route,
            values,
            page=themes.Page(observation.request.path, found.body, found.pictures.known),
            accepted=accepted,
            containment=served.containment,
        )
    _note_dropped(draft.dropped, trace)
    return draft


def finalize(
    draft: Draft, accepted: Accepted, observation: Observation, served: Served, trace: Trace
) -> Reply:
    """Bytes and headers; what plugins may set comes after what must be there."""
    text = xml.fit(draft.text, draft.content_type)
    reply = replies.page(draft.status, text.encode(), draft.content_type)
    reply = _with_envelope(reply, accepted)
    subscribers = served.registry.subscribers(PREPARED)
    if not subscribers:
        return reply
    event = context.prepared(observation, reply, served.context, served.observing.headers)
    rules, request_id = _theme_rules(observation, served), observation.request.id
    emission = [Emission(PREPARED, event)]
    outcome = plugins.propose(subscribers, emission, rules, served.containment, request_id)
    _note_dropped(overridden(accepted, outcome.accepted), trace)
    return _with_envelope(reply, _noted(outcome, trace).accepted)


def error_draft(
    error: context.PageError,
    request: PageRequest,
    served: Served,
    accepted: Accepted | None = None,
) -> Draft:
    """The theme's own page for an error, or the plainest. Raises ThemeFault."""
    theme = served.routes.theme_for(request.path)
    values = context.error_context(error, served.context, theme.settings)
    plainest = replies.last_resort(error.status, error.title, error.message, error.request_id)
    accepted = accepted or Accepted()
    values["metadata"] = accepted.metadata_values()
    draft = themes.error_page(theme, error.status, values, accepted, served.containment)
    return draft or Draft(error.status, plainest, replies.HTML)


def _theme_rules(observation: Observation, served: Served) -> Accept:
    match = observation.found.match if observation.found else None
    return (match.theme if match else served.routes.theme_for(observation.request.path)).accept


def _with_envelope(reply: Reply, accepted: Accepted) -> Reply:
    headers = [each.proposal for each in accepted.headers if isinstance(each.proposal, Header)]
    status = accepted.status.proposal if accepted.status else None
    if isinstance(status, Status):
        reply = replace(reply, status=status.status)
    return replies.with_proposed(reply, [(h.op, h.name, h.value) for h in headers])


def without_theme(observation: Observation, served: Served) -> Reply | None:
    """Redirects and files need nobody to propose or to write."""
    found = observation.found
    if found and found.redirect:
        return replies.leading_to(found.redirect, observation.request.query)
    if found and found.asset:
        return assets.file_reply(observation.request.path, served.files, *found.asset)
    if found and found.rendition:
        return served.renditions.reply(found.rendition)
    if found and found.unmade:
        return replies.plain(404, NO_RENDITION)
    return None


def _noted(outcome: Outcome, trace: Trace) -> Outcome:
    trace.keep(outcome)
    for failure in outcome.failures:
        tell = trace.failure if failure.asked else trace.skip
        tell(failure.plugin, failure.reason)
    _note_dropped(outcome.dropped, trace)
    return outcome


def _note_dropped(dropped: tuple[Dropped, ...], trace: Trace) -> None:
    """That a theme's worker did not survive a change may be the machine's fault: no such page is to
    be kept."""
    trace.keep(dropped)
    for each in dropped:
        if each.unwritable:
            trace.failure(each.by, each.reason)
        else:
            trace.note(each.by, DROPPED, each.reason)
