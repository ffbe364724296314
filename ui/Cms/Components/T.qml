import QtQuick
import Cms.Theme

// Text in one of the roles of the theme. Plain text unless said otherwise: what others wrote is never markup.
Text {
    property string role: "body"
    property bool struck: false
    property bool underlined: false

    color: Theme.ink
    font: Theme.font(role, struck, underlined)
    lineHeight: Theme.lineHeight(role)
    lineHeightMode: Text.FixedHeight
    textFormat: Text.PlainText
    verticalAlignment: Text.AlignVCenter
    renderType: Text.QtRendering
}
