on("content.resolved", function(event, propose)
  local minutes = math.ceil(event.content:word_count() / settings.words_per_minute)
  propose.metadata("reading_minutes", math.max(minutes, 1))
end)
