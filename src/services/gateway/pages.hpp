#pragma once

#include <string_view>

/// The few pages that the gateway has of its own. None has a script or style inline.
namespace ticketshow::gateway::pages {

/// What stands at / while there is no web app.
inline constexpr std::string_view landing = R"(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Ticket Show</title>
</head>
<body>
<h1>Ticket Show</h1>
<p>The platform is running. Its web application has not been built into this installation.</p>
<ul>
<li><a href="/docs">API documentation</a></li>
<li><a href="/openapi.json">OpenAPI document</a></li>
<li><a href="/api/v1/shows">What is on</a></li>
<li><a href="/health/ready">Health</a></li>
</ul>
</body>
</html>
)";

inline constexpr std::string_view docs = R"(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Ticket Show API</title>
<link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
<div id="swagger-ui"></div>
<noscript>The same as a plain document: <a href="/openapi.json">/openapi.json</a></noscript>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/init.js"></script>
</body>
</html>
)";

/// validatorUrl null: otherwise Swagger UI sends the document's address to a service outside.
inline constexpr std::string_view docs_script = R"(window.ui = SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#swagger-ui",
  deepLinking: true,
  displayRequestDuration: true,
  validatorUrl: null,
});
)";

inline constexpr std::string_view docs_missing = R"(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Ticket Show API</title>
</head>
<body>
<h1>Ticket Show API</h1>
<p>The API is described by <a href="/openapi.json">its OpenAPI document</a>.</p>
<p>To read it here in Swagger UI, install the npm package <code>swagger-ui-dist</code> and name its directory in the
setting <code>docs.assets</code>; <code>./run</code> does both.</p>
</body>
</html>
)";

}  // namespace ticketshow::gateway::pages
