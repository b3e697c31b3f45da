local rel = settings.nofollow and "noopener noreferrer nofollow" or "noopener noreferrer"

on("content.resolved", function(event, propose)
  local home = event.site.base_url:gsub("/$", ""):gsub('["\\]', "\\%0")
  for _, scheme in ipairs({ "https", "http" }) do
    local leaving = 'main a[href^="%s://"]:not([href="%s"]):not([href^="%s/"])'
    local links = leaving:format(scheme, home, home)
    propose.transform(links, { op = "set_attribute", name = "rel", value = rel })
    propose.transform(links, { op = "add_class", name = "external" })
  end
end)
