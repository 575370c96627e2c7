import{$a as ot,$b as bt,A as Pe,Ab as ft,B as qe,Bb as dt,C as O,Ca as Ye,Cc as At,D as E,Da as Je,E as _,Eb as pt,F as Ie,Fb as $t,G as ge,Ga as Ve,Gb as ht,H as G,Ha as Qe,Hb as gt,Ia as Xe,Ja as Ze,Ka as ne,Kb as x,La as ie,Lb as yt,Ma as q,Na as Q,P as Oe,Pb as ke,Qb as vt,Rb as we,Sb as ce,T as ee,Ub as me,W as te,Wb as X,X as _e,Xa as et,Xb as Se,Y as Ne,Ya as se,Za as tt,_ as Y,ac as kt,b as Ae,c as h,ca as N,cc as wt,d as y,dc as St,e as j,f as B,fa as oe,g as Be,ga as S,ha as re,ia as g,j as $e,ja as M,jb as rt,kb as nt,kc as H,l as Fe,lb as ve,lc as R,m as o,ma as De,mb as it,mc as ue,n as p,na as J,nb as ae,o as he,oa as He,oc as xe,pa as Ue,pb as be,pc as xt,qa as Ke,qb as st,qc as Tt,ra as ze,rc as fe,sa as je,sc as Ct,t as Z,ta as ye,tc as I,u as Ee,ua as V,ub as le,v as Me,va as L,vb as at,w as Re,wb as lt,x as k,xb as ct,xc as U,y as W,ya as We,yb as mt,yc as Lt,za as Ge,zb as ut,zc as K}from"./chunk-YUPU5VTK.js";function Bt({workspace:e,current:t}){if(e.connections.loaded.value&&!e.uploadsByHand&&!t)return null;let r=e.yourTurn.length;return o`
		<a href=${k("/upload")} aria-current=${t}>To upload${r>0&&o`${" "}<span class="count">${r}<span class="hidden"> waiting</span></span>`}</a>`}var Ft=[{keys:["j","k"],does:"Next or previous meeting"},{keys:["\u2193","\u2191"],does:"The same, from a meeting"},{keys:["x"],does:"Select the meeting"},{keys:["Enter"],does:"Open the meeting"},{keys:["/"],does:"Filter by title"},{keys:["Ctrl K","\u2318 K"],does:"Go to a page or a meeting"},{keys:["?"],does:"Show these keys"}];function de({target:e}){let t=e;return t?.closest?.("dialog, textarea, select, [contenteditable]")?!0:t instanceof HTMLInputElement&&t.type!=="checkbox"}var fo={fathom:"Fathom",loom:"Loom",automation:"Automation",notifications:"Notifications",storage:"Storage",security:"Security",tokens:"API tokens",data:"Your data",appearance:"Appearance"};function Et({jobs:e,fathom:t},r){let n=r.toLowerCase().split(/\s+/).filter(Boolean),i=[{name:"Meetings",address:k("/")},...re.flatMap(({state:l,label:a})=>l?[{name:`Meetings: ${a}`,address:k(`/?state=${l}`)}]:[]),{name:"Activity",address:k("/activity")},...Ee.map(l=>({name:`Settings: ${fo[l]}`,address:O(l)})),{name:"Help",address:k("/help")},...t?[{name:"Sync now",run:()=>{e.sync().catch(()=>{})}}]:[]].filter(({name:l})=>n.every(a=>l.toLowerCase().includes(a)));return n.length?[...i,{name:`Search for \u201C${r.trim()}\u201D in everything`,address:Pe(r.trim())}]:i}function z({label:e,onClose:t,children:r}){let n=B(null);return y(()=>{let{current:i}=n;return i?.showModal(),()=>i?.close()},[]),o`
		<dialog class="sheet" ref=${n} aria-label=${e} onClose=${t} onClick=${i=>i.target===n.current&&t()}>
			<div class="sheet-body">${r}</div>
		</dialog>`}var po=150,$o=8;function Mt({workspace:e,onClose:t}){let[r,n]=h(""),[s,i]=h([]),[l,a]=h(0);y(()=>{let d=r.trim();if(!d){i([]);return}let v=!0,A=setTimeout(async()=>{try{let{items:T}=await e.db.send("/api/library",{method:"GET",query:{title:d,limit:$o,counts:!1}});v&&i(T.map(({id:w,title:P,recorded_at:pe})=>({name:P||"Untitled meeting",hint:ee(pe),address:W(w)})))}catch{v&&i([])}},po);return()=>{v=!1,clearTimeout(A)}},[r]);let u=[...Et(e,r),...s],c=Math.min(l,u.length-1),f=d=>{d&&(t(),d.address&&_(d.address),d.run?.())},m=d=>{let v={ArrowDown:1,ArrowUp:-1};if(d.key==="Enter")f(u[c]);else if(v[d.key]&&u.length)a((c+v[d.key]+u.length)%u.length);else return;d.preventDefault()};return o`
		<${z} label="Go to" onClose=${t}>
			<input type="text" role="combobox" autofocus placeholder="Go to a page or a meeting" aria-label="Go to a page or a meeting" autocomplete="off" maxlength="200"
				aria-expanded="true" aria-controls="palette-list" aria-activedescendant=${u.length?`command-${c}`:void 0} value=${r} onKeyDown=${m}
				onInput=${d=>{n(d.currentTarget.value),a(0)}} />
			<ul id="palette-list" class="palette" role="listbox" aria-label="Pages and meetings">
				${u.map((d,v)=>o`
					<li key=${d.address??d.name} id=${`command-${v}`} role="option" aria-selected=${v===c?"true":"false"} onClick=${()=>f(d)}>
						<span dir="auto">${d.name}</span>${d.hint&&o`<span class="muted">${d.hint}</span>`}
					</li>`)}
			</ul>
			<p class="hidden" role="status">${u.length?"":"Nothing found"}</p>
			${!u.length&&o`<p class="muted">Nothing found.</p>`}
		</${z}>`}function Rt({onClose:e}){return o`
		<${z} label="Keyboard shortcuts" onClose=${e}>
			<h2>Keyboard shortcuts</h2>
			<dl class="shortcuts">
				${Ft.map(({keys:t,does:r})=>o`<dt key=${r}>${t.map(n=>o`<kbd key=${n}>${n}</kbd> `)}</dt><dd>${r}</dd>`)}
			</dl>
			<${p} kind="quiet" onClick=${e}>Close</${p}>
		</${z}>`}function Pt({workspace:e}){let[t,r]=h("");y(()=>{let s=i=>{if(i.defaultPrevented||i.altKey||document.querySelector("dialog[open]"))return;let l=i.ctrlKey||i.metaKey;if(l&&i.key.toLowerCase()==="k")r("palette");else{if(l||de(i))return;if(i.key==="?")r("shortcuts");else if(i.key==="/")ho();else return}i.preventDefault()};return addEventListener("keydown",s),()=>removeEventListener("keydown",s)},[]);let n=()=>r("");return t==="palette"?o`<${Mt} workspace=${e} onClose=${n} />`:t==="shortcuts"?o`<${Rt} onClose=${n} />`:null}function ho(){E.value.page!=="meetings"&&_(k("/")),requestAnimationFrame(()=>document.getElementById("title-filter")?.focus())}function qt(e){let t=$e(null),r=$e(!1),n=null,s=()=>{r.value=!1,n??=e().then(l=>{t.value=l},()=>{n=null,r.value=!0})};return{Later:({name:l,...a})=>t.value?o`<${t.value[l]} ...${a} />`:r.value?o`
				<div class="page narrow">
					<${g}>This page could not be loaded. <${p} kind="link" onClick=${()=>location.reload()}>Reload</${p}></${g}>
				</div>`:(queueMicrotask(s),o`<div class="page"><${M} label="Loading" /></div>`),preload:s}}var It=()=>o`
	<div class="page">
		<section class="empty" role="alert">
			<h1>This page cannot be displayed</h1>
			<p>Reload it. If this keeps happening, contact the operator.</p>
			<${p} kind="quiet" onClick=${()=>location.reload()}>Reload page</${p}>
		</section>
	</div>`;var Ot=()=>o`
	<div class="foot">
		<div role="status"><${go} /></div>
		<div role="status">${J.lostAt.value>0&&o`
			<p class="server-lost"><span class="dots" aria-hidden="true"><i /><i /><i /></span>${yo(J.lostAt.value)}</p>`}</div>
	</div>`;function go(){let e=Ue.value;if(!e)return null;let t=()=>ze().catch(r=>Ke(V(r)));return o`<p class="toast">${e.text}${e.undo&&o` <${p} kind="link" onClick=${t}>Undo</${p}>`}</p>`}var yo=e=>`Can\u2019t reach the server. Reconnecting\u2026 What you see is from ${te(new Date(e).toISOString())}.`;function _t({notice:e}){let[t,r]=h(E.value.page==="sign-up"),[n,s]=h(!1),[i,l]=h([]);y(()=>{st().then(()=>s(!0)),De.collection("users").listAuthMethods().then(d=>l(d.oauth2.enabled?d.oauth2.providers:[]),()=>{})},[]);let a=x(ht),u=Ve.value!==null;y(()=>{u&&a.run()},[]);let c=ct.value,f=B(!1);y(()=>{f.current&&!c&&document.getElementById("email")?.focus(),f.current=c!==null},[c]);let m=t?"Create account":"Sign in";return c&&(m="Enter your code"),y(()=>{ce.value=m},[m]),o`
		<main class="auth">
			<section class="pitch">
				<p class="brand"><${G} /><span>Fathom-to-Loom</span></p>
				<h1>Move your Fathom meetings to Loom.</h1>
				<p class="lead">Copy each video, and keep its summary, action items and transcript in your own database.</p>
			</section>
			<section class="card form-card">
				<h2>${m}</h2>
				${e&&!c&&o`<${g} kind="note">${e}</${g}>`}
				${c&&o`<${vo} key=${c.mfaId} />`}
				${a.busy&&o`<${M} label="Signing in" />`}
				${a.error&&!c&&o`<${g}>${V(a.error)}</${g}>`}
				${!c&&!a.busy&&o`
					<${ko} key=${String(t)} isNew=${t} />
					${i.length>0&&o`<${Co} providers=${i} />`}
					${n?o`<${bo} isNew=${t} onClick=${()=>r(!t)} />`:o`<p class="switch" aria-hidden="true">${"\xA0"}</p>`}`}
			</section>
		</main>`}function vo(){return o`
		<${vt} id="code" send=${ut} submit=${ft} label="Sign in" onCancel=${dt} cancelLabel="Back to sign-in" />
		<p class="muted">You can’t read mail at this address any more? Ask <${we} />.</p>`}function bo({isNew:e,onClick:t}){let{signUp:r}=be.value;return r==="closed"?o`<p class="switch">New here? Ask <${we} /> for an account.</p>`:o`
		<p class="switch">
			${e?"Already have an account?":r==="invite"?"Accounts are by invitation. Were you invited?":"New here?"}${" "}
			<${p} kind="link" onClick=${t}>${e?"Sign in":"Create account"}</${p}>
		</p>`}function ko({isNew:e}){let{run:t,busy:r,error:n,clear:s}=x(e?pt:mt),[i,l]=h(""),a=m=>{m.preventDefault();let d=new FormData(m.currentTarget),v=String(d.get("email")).trim();l(v),t(v,String(d.get("password")))};if(So(n))return o`<${xo} isNew=${e} email=${i} onBack=${s} />`;let u=wo(n)?"An account with this e-mail already exists. Sign in instead.":ye(n,"email"),c=ye(n,"password"),f=n&&!u&&!c;return o`
		<form onSubmit=${a}>
			<${ke} id="email" label="E-mail" type="email" required autocomplete="username" error=${u}
				hint=${e&&be.value.signUp==="invite"?"The address that was invited.":""} />
			<${ke} id="password" label="Password" type="password" required minlength=${e?8:void 0}
				autocomplete=${e?"new-password":"current-password"} error=${c}
				hint=${e?"At least 8 characters.":""} />
			${f&&o`<${g}>${!e&&je(n)===400?"Wrong e-mail or password.":L(n)}</${g}>`}
			<${p} type="submit" busy=${r}>${To(e,r)}</${p}>
		</form>
		${!e&&o`<p class="switch"><a href=${k("/forgot-password")}>Forgot your password?</a></p>`}`}var wo=e=>e?.response?.data?.email?.code==="validation_not_unique",So=e=>e?.response?.data?.email?.code==="validation_not_verified";function xo({isNew:e,email:t,onBack:r}){return o`
		<div>
			<${g} kind="note">
				${e&&"Your account was created. "}To confirm your address, open the link in the message that was sent to ${t}. Then sign in.
			</${g}>
			<${yt} email=${t} label="Send the message again" />
			${!e&&o`<p><${p} kind="link" onClick=${r}>Back to the form</${p}></p>`}
		</div>`}function To(e,t){return e?t?"Creating account\u2026":"Create account":t?"Signing in\u2026":"Sign in"}function Co({providers:e}){let[t,r]=h(""),{run:n,busy:s,error:i}=x($t),l=a=>{r(a),n(a)};return o`
		<div class="oauth">
			<p class="or"><span>or</span></p>
			${e.map(({name:a,displayName:u})=>{let c=s&&t===a,f=u||a;return o`
					<${p} key=${a} kind="quiet" busy=${c} disabled=${s} onClick=${()=>l(a)}>
						${c?`Waiting for ${f}\u2026`:`Continue with ${f}`}
					</${p}>`})}
			${i&&o`<${g}>${V(i)}</${g}>`}
		</div>`}function Nt({workspace:e}){let[t,r]=h(null),{your_turn:n,on_loom:s,kept_here:i}=e.meetings.states.value;return y(()=>{e.db.send("/api/usage",{}).then(r,()=>{})},[n+s+i]),t?o`<a class="storage-glance muted" href=${O("storage")}>${N(t.bytes)}${t.quota>0&&` of ${N(t.quota)}`} used</a>`:null}function Dt({workspace:e}){let{meetings:t}=e,{view:r}=t,{filter:n,sort:s,view:i}=r.value,{types:l}=t.overview.value,a=(m,d=!1)=>_(q({...r.value,filter:{...r.value.filter,...m}}),{replace:d}),u=m=>a({min_minutes:void 0,max_minutes:void 0,...ne(`length=${m}`).filter}),c=["from","to","person","type"].filter(m=>n[m]).length+(ie(n)?1:0),f=m=>d=>m(d.currentTarget.value);return o`
		<div class="library-bar">
			<${Ao} meetings=${t} />
			<div class="library-line">
				<div class="filter" role="search">
					<label class="hidden" for="title-filter">Filter meetings by title</label>
					<${Oe} />
					<input id="title-filter" type="search" placeholder="Filter by title" autocomplete="off" maxlength="200" value=${n.title??""}
						onInput=${f(m=>a({title:m},!0))} />
				</div>
				<label class="sort"><span class="hidden">Sort</span>
					<select value=${s} onChange=${f(m=>_(q({...r.value,sort:m})))}>
						${Xe.map(([m,d])=>o`<option key=${m} value=${m} selected=${m===s}>${d}</option>`)}
					</select>
				</label>
				<a class="button quiet small" href=${q({...r.value,view:i==="grid"?"list":"grid"})}>${i==="grid"?"Show a list":"Show a grid"}</a>
			</div>
			<div class="library-foot">
				<details class="more-filters">
					<summary>${c?`Filters (${c})`:"Filters"}</summary>
					<div class="filter-fields">
						<label>From<input type="date" value=${n.from??""} onChange=${f(m=>a({from:m}))} /></label>
						<label>To<input type="date" value=${n.to??""} onChange=${f(m=>a({to:m}))} /></label>
						<label>Person<input type="search" maxlength="200" autocomplete="off" placeholder="Name or address" value=${n.person??""} onChange=${f(m=>a({person:m}))} /></label>
						${l.length>0&&o`
							<label>Type
								<select value=${n.type??""} onChange=${f(m=>a({type:m}))}>
									<option value="">Any type</option>
									${l.map(m=>o`<option key=${m} value=${m} selected=${m===n.type}>${m}</option>`)}
								</select>
							</label>`}
						<label>Length
							<select value=${ie(n)} onChange=${f(u)}>
								${Ze.map(([m,d])=>o`<option key=${m} value=${m} selected=${m===ie(n)}>${d}</option>`)}
							</select>
						</label>
						<button type="button" class="button primary filters-done" onClick=${Lo}>Done</button>
					</div>
				</details>
				${Q(n)&&o`<a href=${q({...r.value,filter:{}})}>Clear filters</a>`}
				<p class="muted" role="status">${!t.loading.value&&S(t.total,"meeting")}</p>
				<${Nt} workspace=${e} />
			</div>
		</div>`}function Lo({currentTarget:e}){let t=e.closest("details");t.open=!1,t.querySelector("summary").focus()}function Ao({meetings:e}){let{filter:t}=e.view.value,{states:r}=e.overview.value,n=Object.values(r).reduce((s,i)=>s+i,0);return o`
		<nav class="chips" aria-label="States">
			${re.map(({state:s,label:i})=>o`
				<a key=${s} class="chip" href=${q({...e.view.value,filter:{...t,state:s||void 0}})}
					aria-current=${(t.state??"")===s?"true":void 0}>${i} <span class="count">${oe(s?r[s]:n)}</span></a>`)}
		</nav>`}function Ht({root:e,total:t,columns:r,focused:n,setFocused:s,reveal:i,firstOnScreen:l,onSelect:a}){let u=B(-1);y(()=>{if(u.current<0)return;let c=e.current?.querySelector(`[data-index="${u.current}"] .row-title`);c&&(u.current=-1,c.focus({preventScroll:!0}))}),y(()=>{let c=f=>{if(f.defaultPrevented||f.ctrlKey||f.metaKey||f.altKey||de(f))return;let m=!!e.current?.contains(document.activeElement),d=Bo(f.key,m,r);if(d){let v=Math.min(Math.max(n<0?l():n+d,0),t-1);f.preventDefault(),u.current=v,s(v),i(v)}else f.key==="x"&&m&&n>=0&&(f.preventDefault(),a(n))};return addEventListener("keydown",c),()=>removeEventListener("keydown",c)})}function Bo(e,t,r){return e==="j"?1:e==="k"?-1:t?{ArrowDown:r,ArrowUp:-r,...r>1&&{ArrowRight:1,ArrowLeft:-1}}[e]??0:0}var Fo="(max-width: 40rem)";function Ut(e,t,r){let n=()=>{let l=Number.parseFloat(getComputedStyle(document.documentElement).fontSize)||16,a=matchMedia(Fo).matches,u=(e.current?.clientWidth||Math.min(innerWidth-32,1100))/l,c={row:(a?8.5:5.5)*l,columns:1},f={row:17.5*l,columns:Math.max(1,Math.floor(u/16))};return{...t==="grid"?f:c,heading:r?3*l:0}},[s,i]=h(n);return y(()=>{let l=()=>i(a=>{let u=n();return JSON.stringify(a)===JSON.stringify(u)?a:u});return l(),addEventListener("resize",l),()=>removeEventListener("resize",l)},[t,r]),s}function Kt({selection:e,meeting:t,index:r}){let n=({currentTarget:s,shiftKey:i})=>e.set(t,r,s.checked,i);return o`
		<label class="row-check">
			<input type="checkbox" checked=${e.has(t.id)} aria-label=${`Select: ${t.title||"Untitled meeting"}`} onClick=${n} />
		</label>`}function zt({workspace:e,meeting:t,index:r,total:n,line:s,column:i,measures:{row:l,columns:a}}){let u={top:`${s*l}px`,height:`${l}px`,left:`${100*i/a}%`,width:`${100/a}%`};if(!t)return o`<li class="row selectable pending" aria-hidden="true" style=${u}><span class="thumb"></span></li>`;let c=[`${ee(t.recorded_at)}, ${te(t.recorded_at)}`,Y(t.duration),t.recorded_by?.name].filter(Boolean);return o`
		<li class="row selectable" data-index=${r} aria-setsize=${n} aria-posinset=${r+1} style=${u}>
			<${Kt} selection=${e.selection} meeting=${t} index=${r} />
			<div class="row-lead">
				<${Tt} posters=${e.posters} meeting=${t} />
				<div class="row-main">
					<a class="row-title" dir="auto" href=${W(t.id)}>${t.title||"Untitled meeting"}</a>
					<p class="muted">${c.join(" \xB7 ")}${t.withdrawn_at&&o` <${xe} tone="plain">No longer at Fathom</${xe}>`}</p>
				</div>
			</div>
			<div class="row-side"><${Eo} workspace=${e} meeting=${t} /></div>
		</li>`}function Eo({workspace:e,meeting:t}){let r=e.transferOf(t.recording_id),n=r&&e.jobs.records.value.get(r.job),s=e.stateOf(t.recording_id,ot(r)?X(...se(n,e.jobs)):Date.now()),{run:i,busy:l,error:a}=x(()=>e.jobs.transfer(t.recording_id,s.phase==="failed"?tt(n):{}),"The copy starts.",()=>()=>e.jobs.cancelTransfer(t.recording_id)),u=m=>o`
		<${p} kind="quiet small" busy=${l} aria-label=${`${m}: ${t.title}`} onClick=${i}>${m}</${p}>
		${a&&o`<span class="error" role="alert">${L(a)}</span>`}`,c=We(r?.share_url||t.loom_url),f=o`<${xt} state=${s} />`;switch(s.phase){case"done":return o`${f}${c&&o`<${Se} href=${c}>Watch on Loom</${Se}>`}`;case"upload":return o`${f}<a class="button quiet small" href=${W(t.id)}>Upload to Loom</a>`;case"waiting":return o`${f}<p class="row-reason muted">${s.detail}</p>`;case"running":return o`${f}<${bt} workspace=${e} transferID=${r?.id??""} state=${s} name=${`Progress of ${t.title}`} />`;case"failed":return o`${f}${u("Retry")}`;case"none":return o`${f}${u(R(e.delivery))}`;default:return f}}function jt({sections:e,current:t,root:r}){let n=new Map;for(let i of e){let l=i.name.slice(0,4);l&&!n.has(l)&&n.set(l,i)}if(n.size<2)return null;let s=i=>scrollBy({top:(r.current?.getBoundingClientRect().top??0)+i});return o`
		<nav class="years" aria-label="Years">
			${[...n].map(([i,{top:l}])=>o`
				<button type="button" key=${i} aria-current=${t.startsWith(i)?"true":void 0} onClick=${()=>s(l)}>${i}</button>`)}
		</nav>`}var Wt=3,Mo=50;function Gt({workspace:e}){let{meetings:t,selection:r}=e,{sort:n,view:s}=t.view.value,{months:i,total:l}=t.overview.value,a=n==="newest"||n==="oldest",u=B(null),c=Ut(u,s,a),f=Be(()=>rt(a?i.map(({month:$,count:b})=>({name:$,count:b})):[{name:"",count:l}],c),[i,l,a,c]),[m,d]=h({top:0,bottom:globalThis.innerHeight});j(()=>{let $=()=>{let b=c.row,C=Math.floor(-(u.current?.getBoundingClientRect().top??0)/b)*b;d(D=>D.top===C&&D.bottom===C+innerHeight+b?D:{top:C,bottom:C+innerHeight+b})};return $(),addEventListener("scroll",$,{passive:!0}),addEventListener("resize",$),()=>{removeEventListener("scroll",$),removeEventListener("resize",$)}},[c,f]);let[v,A]=l<=Mo?[0,l]:ae(f,m.top-Wt*c.row,m.bottom+Wt*c.row);y(()=>t.want(v,A),[v,A,t.pages.value]);let[T,w]=h(-1),P=$=>{let b=(u.current?.getBoundingClientRect().top??0)+it(f,$),C=c.heading+c.row;b<C?scrollBy({top:b-C}):b+c.row>innerHeight-16&&scrollBy({top:b+2*c.row-innerHeight})};Ht({root:u,total:l,columns:c.columns,focused:T,setFocused:w,reveal:P,firstOnScreen:()=>ae(f,m.top+c.row,m.bottom)[0],onSelect:$=>{let b=t.at($);b&&r.set(b,$,!r.has(b.id))}});let pe=({target:$})=>w(Number($.closest("[data-index]")?.dataset.index??-1)),mo=({relatedTarget:$})=>$&&!u.current?.contains($)&&w(-1),Le=new Set(nt(v,A));T>=0&&T<l&&Le.add(T);let uo=f.sections.filter($=>$===ve(f,T)||$.first<A&&$.first+$.count>v);return o`
		<div class=${`library ${s}`} ref=${u} aria-busy=${t.loading.value?"true":void 0} style=${{height:`${f.height}px`}} onFocusIn=${pe} onFocusOut=${mo}>
			${uo.map($=>o`
				<section class="month" key=${$.name||"all"} style=${{top:`${$.top}px`,height:`${$.height}px`}}>
					${a&&o`<h2>${_e($.name)}</h2>`}
					<ul class="rows" style=${{height:`${$.height-c.heading}px`}}>
						${[...Le].filter(b=>b>=$.first&&b<$.first+$.count).sort((b,C)=>b-C).map(b=>{let C=b-$.first,D=t.at(b);return o`<${zt} key=${D?.id??b} workspace=${e} meeting=${D} index=${b} total=${l}
								line=${Math.floor(C/c.columns)} column=${C%c.columns} measures=${c} />`})}
					</ul>
				</section>`)}
		</div>
		${a&&o`<${jt} sections=${f.sections} current=${ve(f,ae(f,m.top+c.row,m.bottom)[0])?.name??""} root=${u} />`}`}function Yt({workspace:e}){let{selection:t,meetings:r,db:n}=e,s=t.meetings.filter(({recording:c})=>c);if(!s.length)return null;let i=async()=>{try{for(let{recording:c=""}of s)await n.collection("recordings").delete(c);t.clear()}finally{r.refreshSoon()}},l=N(s.reduce((c,{size:f=0})=>c+f,0)),a=s.filter(({recording_id:c})=>e.transferOf(c)?.status!=="delivered").length,u=a?` ${S(a,"of them is","of them are")} not on Loom yet. You can copy ${a===1?"it":"them"} again.`:" The videos on Loom are kept.";return o`
		<${I} label=${`Delete ${S(s.length,"copy","copies")}`} confirmLabel="Delete" action=${i}
			question=${`Delete ${S(s.length,"video")} here and free ${l}?${u}`} />`}function Jt({workspace:e}){let{selection:t,meetings:r}=e,[n,s]=h(null),[i,l]=h({}),{count:a,bytes:u,seconds:c}=t.summary,{run:f,busy:m,error:d,clear:v}=x(async P=>{s(null),s(await e.transferMany(t.request,P?i:{deliver:P})),t.clear()}),A=({currentTarget:{checked:P}})=>{v(),P?t.selectAll():t.clear()},T=a>0&&a===r.total,w=[`${oe(a)} selected`,u?N(u):Y(c)&&`${Y(c)} of recordings`];return o`
		<div class=${`selection${a?" open":""}`} role="group" aria-label="Selected meetings">
			<label>
				<input type="checkbox" checked=${T} indeterminate=${a>0&&!T} onChange=${A} />
				${r.total===1?"Select the meeting":`Select all ${S(r.total,"meeting")}`}
			</label>
			<span class="muted" aria-live="polite">${a>0&&w.filter(Boolean).join(" \xB7 ")}</span>
			${a>0&&o`
				<div class="actions">
					${e.fathom&&o`
						<${p} kind="primary small" busy=${m} onClick=${()=>f(!0)}>${R(H(e.delivery,i),a)}</${p}>
						<${p} kind="quiet small" busy=${m} onClick=${()=>f(!1)}>Only keep a copy here</${p}>`}
					<${me} kind="quiet small" db=${e.db} selection=${t.request} />
					<${Yt} workspace=${e} />
					<${p} kind="link" onClick=${()=>t.clear()}>Clear</${p}>
				</div>
				${e.fathom&&o`<${U} workspace=${e} id="selected" choice=${i} onChange=${l} many=${!0} />`}`}
			${d&&o`<${g}>${L(d)}</${g}>`}
			${!a&&o`<${K} result=${n} />`}
		</div>`}function Vt({workspace:e}){let{run:t,busy:r,error:n}=x(()=>e.jobs.sync({full:!0}));return o`
		<${p} kind="link" busy=${r} onClick=${t}>Check all meetings</${p}>
		${n&&o`<span class="error" role="alert">${L(n)}</span>`}`}var Ro=50;function Qt({workspace:{db:e},sync:t}){let[r,n]=h(null),{run:s,error:i}=x(async()=>n(await e.collection("unreadable_meetings").getList(1,Ro,{sort:"-created"})));return y(()=>{s()},[t.id,t.finished_at]),i?o`<p class="error" role="alert">${L(i)} <${p} kind="link" onClick=${s}>Try again</${p}></p>`:r?.totalItems?o`
		<details class="unreadable">
			<summary>${S(r.totalItems,"meeting")} at Fathom could not be read</summary>
			<p>Nothing is lost: a later version of this server tries them again. So does a check of all meetings, if Fathom changes them.</p>
			<ul class="notices">
				${r.items.map(({id:l,recording_id:a,reason:u})=>o`
					<li key=${l}><strong>${a?`Recording ${a}`:"A meeting without an id"}</strong> <span class="muted">${u}</span></li>`)}
			</ul>
			${r.totalItems>r.items.length&&o`<p class="muted">The latest ${r.items.length} are shown.</p>`}
		</details>`:null}function Xt({workspace:e}){let t=e.jobs.lastSync;return o`
		<div class="sync-status">
			<div aria-live="polite">
				${t?.status==="dead"?o`<p class="error">Last sync failed: ${t.error}</p>`:o`<p class="muted">${Po(e.jobs,t)}</p>`}
			</div>
			${t&&he(t)&&o`<${kt} kind="link" jobs=${e.jobs} job=${t} title="Sync meetings" />`}
			${t&&!he(t)&&e.fathom&&o`<${Vt} workspace=${e} />`}
			${t&&o`<${Qt} workspace=${e} sync=${t} />`}
		</div>`}function Po(e,t){switch(t?.status){case"pending":case"failed":{let r=et(t,e,X(...se(t,e)));return t.stage?`Syncing with Fathom: ${t.stage}. ${r}`:`The sync waits. ${r}`}case"processing":return`Syncing with Fathom: ${t.stage||"starting"}`;case"completed":return`Synced ${Ne(t.finished_at,X(t.finished_at))} \xB7 ${qo(t.result)}`;case"cancelled":return"Last sync cancelled.";default:return""}}function qo(e){return[e?.added?S(e.added,"new meeting"):"",e?.updated?`${e.updated} updated`:"",e?.withdrawn?`${e.withdrawn} no longer at Fathom`:""].filter(Boolean).join(", ")||"no changes"}function Zt({workspace:e}){let[t,r]=h(null),[n,s]=h({}),i=e.meetings.states.value.at_fathom,l=async()=>r(await e.transferMany({library:{state:"at_fathom"}},n)),a=H(e.delivery,n);return o`
		${i>0&&o`
			<${I} kind="primary" label=${R(e.delivery,i)} confirmLabel=${R(a,i)}
				question=${ue(a,i)} action=${l}>
				<${U} workspace=${e} id="all" choice=${n} onChange=${s} many=${!0} />
			</${I}>`}
		<${K} result=${t} />`}function to({workspace:e}){let[t,r]=h(null),[n,s]=h(null),[i,l]=h({}),{meetings:a}=e,u=H(e.delivery,i),c={library:a.filter},{run:f,error:m}=x(async w=>{s(await e.transferMany(c,{...w,dryRun:!0}))}),d=a.total;if(!d||a.loading.value)return null;let v=async()=>{let w=await e.transferMany(c,{...i,dryRun:!0});if(!w.created)throw new Error(eo(w,u));s(w)},A=w=>{l(w),w.byHand!==i.byHand&&f(w)},T=async()=>r(await e.transferMany(c,i));return o`
		<${I} kind="primary" label=${`Copy ${S(d,"matching meeting")}`} confirmLabel=${R(u,n?.created)} prepare=${v}
			question=${n?eo(n,u):""} action=${T}>
			<${U} workspace=${e} id="matching" choice=${i} onChange=${A} many=${!0} />
			${m&&o`<${g}>${L(m)}</${g}>`}
		</${I}>
		<${K} result=${t} />`}function eo({created:e,active:t,skipped:r,waiting:n},s){let i=Lt({active:t,skipped:r,waiting:n});return e?`${ue(s,e)} ${i}`:`There is nothing to copy. ${i}`}var Te="first-run";function oo({user:e,meetings:t,fathom:r},n){let s=B(void 0),i=sessionStorage.getItem(Te)===e.id;n?s.current=!0:!i&&!s.current?s.current=!1:s.current===void 0&&t.loaded.value&&(s.current=t.states.value.at_fathom===t.totalOfAll.value);let l=s.current?n||!!r:s.current??void 0;return y(()=>{n?sessionStorage.setItem(Te,e.id):i&&s.current===!1&&sessionStorage.removeItem(Te)},[n,i,s.current]),l}function no({workspace:e,query:t}){let{meetings:r,selection:n}=e;j(()=>{let m=ne(t);JSON.stringify(m.filter)!==JSON.stringify(r.view.value.filter)&&n.clear(),r.show(m)},[t]),j(()=>{let m=r.scroll;requestAnimationFrame(()=>scrollTo(0,m));let d=()=>{r.scroll=scrollY};return addEventListener("scroll",d,{passive:!0}),()=>removeEventListener("scroll",d)},[]);let s=r.loaded.value&&e.connections.loaded.value,i=r.error.value||e.connections.error.value,l=s&&!r.totalOfAll.value,a=oo(e,l),u=s&&a!==void 0,c=e.fathom?.status==="invalid",f=!c&&o`<${Xt} workspace=${e} />`;return o`
		<div class="page">
			<div class="page-head">
				<div>
					<${fe} title="Meetings" />
					${u&&!a&&f}
				</div>
				${u&&!a&&e.fathom&&o`<${ro} workspace=${e} />`}
			</div>
			${c&&!(a&&l)&&o`
				<${g}>${e.fathom?.reason||"Fathom does not accept your API key."} <a href=${O("fathom")}>Replace the key</a></${g}>`}
			${u&&!l&&!e.fathom&&o`
				<${g} kind="note">No Fathom API key is saved, so new meetings are not synced. <a href=${O("fathom")}>Connect Fathom</a></${g}>`}
			${i&&o`<${g}>${i} <${p} kind="link" onClick=${()=>Io(e)}>Try again</${p}></${g}>`}
			${!u&&!i&&o`<${M} label="Loading meetings" />`}
			${u&&a&&o`<${St} workspace=${e} />`}
			${u&&a&&!l&&o`<div class="first-tools"><div>${f}</div><${ro} workspace=${e} /></div>`}
			${u&&!l&&o`<${Ct} /><${Dt} workspace=${e} /><${Oo} workspace=${e} />`}
		</div>`}function Io(e){e.meetings.refresh(),e.connections.reload(),e.transfers.reload()}function ro({workspace:e}){let{meetings:t}=e,r=Q(t.view.value.filter);return o`
		<div class="actions list-actions">
			<${wt} workspace=${e} />
			${t.total>0&&o`
				<${me} db=${e.db} selection=${{library:t.filter}}
					label=${r?"Download matching as files":"Download all as files"} />`}
			${r?o`<${to} key=${JSON.stringify(t.filter)} workspace=${e} />`:o`<${Zt} workspace=${e} />`}
		</div>`}function Oo({workspace:e}){let{meetings:t}=e,{view:r}=t;return t.total?o`
		<${Jt} workspace=${e} />
		<${Gt} workspace=${e} />`:t.loading.value?o`<${M} label="Searching" />`:o`
			<section class="empty">
				<h2>No matches</h2>
				<p>${r.value.filter.title?`No meeting has \u201C${r.value.filter.title.trim()}\u201D in its title${Q({...r.value.filter,title:""})?" and matches the filters":""}.`:"No meeting matches the filters."}</p>
				<a class="button quiet" href=${q({...r.value,filter:{}})}>Show all meetings</a>
			</section>`}var io=()=>o`
	<div class="page narrow">
		<${fe} title="Page not found" />
		<p>There is no page at this address. It may have been moved, or the link is incomplete.</p>
		<p><a class="button primary" href=${k("/")}>Go to your meetings</a></p>
	</div>`;var{Later:F,preload:_o}=qt(()=>import("./more_pages-PKAZMKBU.js"));function so(){let e=le.value,{page:t}=E.value;if(Me(E.value))return o`<${F} key=${location.hash} name=${No[t]} token=${location.hash.slice(1)} />`;if(t==="forgot-password")return o`<${F} name="ForgotPasswordPage" />`;switch(e.phase){case"starting":return o`<main class="splash"><${M} label="Loading your meetings" /></main>`;case"offline":return o`
				<main class="splash">
					<${G} />
					<p role="alert">${e.notice}</p>
					<${p} onClick=${lt}>Try again</${p}>
				</main>`;case"signed-out":return o`<${_t} notice=${e.notice||Do()} />`;default:return o`<${Ho} key=${e.workspace.user.id} workspace=${e.workspace} />`}}var No={"reset-password":"ResetPasswordPage","verify-email":"VerifyEmailPage","confirm-email":"ConfirmEmailPage"};function Do(){return E.value.page==="authorize"?"An assistant asks for access to your meetings. Sign in to decide.":Ge.value?"Sign in to finish connecting Atlassian.":""}function Ho({workspace:e}){let t=E.value;y(()=>{let n=setTimeout(_o,1e3);return()=>clearTimeout(n)},[]);let r=(...n)=>n.includes(t.page)?"page":void 0;return o`
		<a class="skip" href=${`${location.pathname}${location.search}#content`} onClick=${Ko}>Skip to content</a>
		<header class="top">
			<a class="brand" href=${k("/")} aria-label="Fathom-to-Loom: meetings"><${G} /><span>Fathom-to-Loom</span></a>
			<nav aria-label="Main">
				<a href=${k("/")} aria-current=${r("meetings","meeting","search")}>Meetings</a>
				<${Bt} workspace=${e} current=${r("upload")} />
				<a href=${qe()} aria-current=${r("activity")}>Activity</a>
				<a href=${k("/settings")} aria-current=${r("settings","atlassian-callback")}>Settings</a>
				<a href=${k("/help")} aria-current=${r("help")}>Help</a>
			</nav>
			<div class="user">
				<span class="email" title=${e.user.email}>${e.user.email}</span>
				<button type="button" class="link" onClick=${gt}>Sign out</button>
			</div>
		</header>
		<main id="content" tabindex="-1" class=${J.lostAt.value>0?"stale":""}>
			<${ge} key=${Re(t)} fallback=${o`<${It} />`}>
				<${Uo} workspace=${e} route=${t} />
			</${ge}>
		</main>
		<${Ot} />
		<${Pt} workspace=${e} />`}function Uo({workspace:e,route:t}){switch(t.page){case"upload":return o`<${F} name="UploadPage" workspace=${e} />`;case"activity":return o`<${F} name="ActivityPage" workspace=${e} query=${t.query} />`;case"settings":return o`<${F} name="SettingsPage" workspace=${e} section=${t.section} />`;case"help":return o`<${F} name="HelpPage" />`;case"atlassian-callback":return o`<${F} name="AtlassianCallbackPage" workspace=${e} />`;case"authorize":return o`<${F} name="AuthorizePage" query=${t.query} />`;case"meeting":return o`<${F} name="MeetingPage" workspace=${e} id=${t.id} at=${t.at} tab=${t.tab} />`;case"search":return o`<${F} name="SearchPage" workspace=${e} query=${t.query} />`;case"not-found":return o`<${io} />`;default:return o`<${no} workspace=${e} query=${"query"in t?t.query:""} />`}}function Ko(e){e.preventDefault(),document.getElementById("content")?.focus()}function ao(){Fe(()=>{let{value:e}=le,t=e.phase==="ready"?zo(e.workspace.jobs.transferring.value,s=>e.workspace.stateOf(s)):"";document.title=[t,ce.value,"Fathom-to-Loom"].filter(Boolean).join(" \xB7 ");let r=document.querySelector("link[rel=icon]"),n=`${Z()}/${t?"favicon-busy.svg":"favicon.svg"}`;r&&r.href!==n&&(r.href=n)})}function zo(e,t){let[r]=e;return e.size<=1?e.size?t(r).label:"":S(e.size,"copy","copies")}function co(e){let t=[];e.addEventListener("focusin",r=>{t=jo(r.target,e)}),document.addEventListener("pointerdown",r=>{t.length&&!t[0].contains(r.target)&&(t=[])},{capture:!0}),new MutationObserver(()=>{if(!t.length||t[0].isConnected||document.activeElement&&document.activeElement!==document.body)return;let r=Wo(t,e);t=[],r&&(r.tabIndex<0&&(r.tabIndex=-1),r.focus({preventScroll:!0}),r.scrollIntoView({block:"nearest"}))}).observe(e,{childList:!0,subtree:!0})}function jo(e,t){let r=[];for(let n=e;n&&n!==t;n=n.parentElement)r.push(n);return r}var lo="h1, h2, h3, .row-title";function Wo(e,t){for(let{dataset:r,isConnected:n}of e){let s=!n&&r.keep&&t.querySelector(`[data-keep="${CSS.escape(r.keep)}"]`);if(s)return s.querySelector(lo)}for(let r=e.find(({isConnected:n})=>n)??t;r;r=r===t?null:r.parentElement??t){let n=r.querySelector(lo);if(n)return n}return null}At();Je();Qe();addEventListener("pageshow",Ye);He(Z());Ie();at();ao();var Ce=document.getElementById("app");Ce&&(co(Ce),Ae(o`<${so} />`,Ce));
