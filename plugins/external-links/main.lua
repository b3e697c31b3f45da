local rel = settings.nofollow and "noopener noreferrer nofollow" or "noopener noreferrer"
local leaving = 'main a:is([href^="https://"], [href^="http://"]):not([href="%s"]):not([href^="%s/"])'

on("content.resolved", function(event, propose)
  local home = event.site.base_url:gsub("/$", ""):gsub('["\\]', "\\%0")
  local links = leaving:format(home, home)
  propose.transform(links, { op = "set_attribute", name = "rel", value = rel })
  propose.transform(links, { op = "add_class", name = "external" })
end)
