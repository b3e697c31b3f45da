-- Run anew for each event: nothing is remembered between two pages.
on("content.resolved", function(event, propose)
  -- The text stays outside; it can be asked about.
  local words = event.content:word_count()
  if words < settings.words then return end

  -- Nothing is changed here. The theme decides what becomes of a proposal.
  propose.metadata("long_read", true)
  propose.transform("main h1", { op = "append_html", html = " <small>a long read</small>" })
end)
