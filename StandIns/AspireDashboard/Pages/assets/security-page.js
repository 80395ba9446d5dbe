export function securityPage(view) { view.element.append(...view.heading('security')); }
