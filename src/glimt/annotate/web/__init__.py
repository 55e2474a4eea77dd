"""The page's server: HTTP in front of a project. What each path takes and answers is in web/API.md."""
