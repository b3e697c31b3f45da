"""What stands around a document, through the ORM: its neighbours and what is related to it."""

from collections.abc import Sequence

from django.db.models import Count, Q, QuerySet

from bench.ordinary.models import Document, Term

RELATED = 4


def shown(now: str) -> Q:
    return Q(shown_from__lte=now, shown_until__gt=now)


def neighbours(document: Document, now: str) -> tuple[Document | None, Document | None]:
    """Before and after it in the list of its section; what is in none has no neighbours."""
    if not document.section:
        return None, None
    pages = _pages(now).filter(section=document.section)
    place = Q(sticky=document.sticky)
    weighed = place & Q(weight=document.weight)
    dated = weighed & Q(date=document.date)
    before = (
        Q(sticky__gt=document.sticky)
        | place & Q(weight__lt=document.weight)
        | weighed & Q(date__gt=document.date)
        | dated & Q(source__lt=document.source)
    )
    after = (
        Q(sticky__lt=document.sticky)
        | place & Q(weight__gt=document.weight)
        | weighed & Q(date__lt=document.date)
        | dated & Q(source__gt=document.source)
    )
    return (
        pages.filter(before).order_by("sticky", "-weight", "date", "-source").first(),
        pages.filter(after).order_by("-sticky", "weight", "-date", "source").first(),
    )


def related(document: Document, terms: Sequence[Term], now: str) -> list[Document]:
    """Those with most terms in common; of as many the newest."""
    if not terms:
        return []
    shared = Q()
    for term in terms:
        shared |= Q(terms__taxonomy=term.taxonomy, terms__slug=term.slug)
    others = _pages(now).filter(shared).exclude(pk=document.pk).annotate(shared=Count("terms"))
    return list(others.order_by("-shared", "-date", "source")[:RELATED])


def _pages(now: str) -> QuerySet[Document]:
    return Document.objects.filter(shown(now), kind="page").only("title", "url", "date")
