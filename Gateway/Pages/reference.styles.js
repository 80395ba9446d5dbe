// Before Scalar: of its own style sheets some come without the nonce, and some styles as attributes, which the policy of the page leaves
// out. The first get the nonce; the second are set as styles by script, which no policy forbids.
{
  const nonce = document.currentScript.nonce;
  const { createElement } = Document.prototype;
  Document.prototype.createElement = function (name, ...more) {
    const element = createElement.call(this, name, ...more);
    if (element instanceof HTMLStyleElement)
      element.nonce = nonce;
    return element;
  };
  const { setAttribute } = Element.prototype;
  Element.prototype.setAttribute = function (name, value) {
    if (name === 'style')
      this.style.cssText = value;
    else
      setAttribute.call(this, name, value);
  };

  const { get, set } = Object.getOwnPropertyDescriptor(Element.prototype, 'innerHTML');
  Object.defineProperty(Element.prototype, 'innerHTML', {
    get,
    set(html) {
      set.call(this, String(html).replaceAll(' style="', ' data-style="'));
      for (const element of (this.content ?? this).querySelectorAll('[data-style]'))
        element.style.cssText = element.dataset.style;
    },
  });
}
